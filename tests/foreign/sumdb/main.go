// Judges an export with Go's golang.org/x/mod/sumdb (the code behind Go's checksum database): notes, tiles, proofs.
//
//	go run main.go EXPORT VKEY EARLIER CONSISTENCY
//
// VKEY is the log's Ed25519 verifier key, EARLIER a file with a smaller checkpoint, CONSISTENCY one with the hashes that
// prove growth from it, in base64, a line each. Exits 1 and says what does not hold.
package main

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// Tiles of height 8; C2SP leaves the height out of a tile's path.
type tiles struct{ folder string }

func (t tiles) Height() int { return 8 }

func (t tiles) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	var found [][]byte
	for _, tile := range wanted {
		data, err := os.ReadFile(filepath.Join(t.folder, "tile", strings.TrimPrefix(tile.Path(), "tile/8/")))
		if err != nil {
			return nil, err
		}
		found = append(found, data)
	}
	return found, nil
}

func (t tiles) SaveTiles([]tlog.Tile, [][]byte) {}

func must(what string, err error) {
	if err != nil {
		fmt.Printf("%s: %v\n", what, err)
		os.Exit(1)
	}
}

// checkpoint opens a signed tree head of the log.
func checkpoint(path string, key note.Verifier) tlog.Tree {
	data, err := os.ReadFile(path)
	must("read", err)
	opened, err := note.Open(data, note.VerifierList(key))
	must("checkpoint signature", err)
	lines := strings.Split(opened.Text, "\n")
	if lines[0] != key.Name() {
		must("origin", fmt.Errorf("%q", lines[0]))
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	must("size", err)
	root, err := base64.StdEncoding.DecodeString(lines[2])
	must("root", err)
	tree := tlog.Tree{N: size}
	copy(tree.Hash[:], root)
	return tree
}

// entries reads the log entries out of the bundles.
func entries(folder string, size int64) [][]byte {
	var found [][]byte
	for number := int64(0); number*256 < size; number++ {
		path := filepath.Join(folder, "tile", "entries", fmt.Sprintf("%03d", number))
		if left := size - number*256; left < 256 {
			path = fmt.Sprintf("%s.p/%d", path, left)
		}
		data, err := os.ReadFile(path)
		must("bundle", err)
		for len(data) >= 2 {
			length := 2 + int(binary.BigEndian.Uint16(data))
			if length > len(data) {
				must("bundle", fmt.Errorf("cut short"))
			}
			found = append(found, data[2:length])
			data = data[length:]
		}
	}
	return found
}

// growth reads a proof made by somebody else.
func growth(path string) tlog.TreeProof {
	data, err := os.ReadFile(path)
	must("read", err)
	var proof tlog.TreeProof
	for _, line := range strings.Fields(string(data)) {
		hash, err := tlog.ParseHash(line)
		must("consistency", err)
		proof = append(proof, hash)
	}
	return proof
}

// signatures opens each act as a note with the keys that the export names; every line must be of a known key.
func signatures(folder string, acts [][]byte) {
	data, err := os.ReadFile(filepath.Join(folder, "actor_vkeys"))
	must("actor_vkeys", err)
	var known []note.Verifier
	for _, line := range strings.Split(strings.TrimSpace(string(data)), "\n") {
		key, err := note.NewVerifier(line)
		must("actor's key", err)
		known = append(known, key)
	}
	for index, act := range acts {
		opened, err := note.Open(act, note.VerifierList(known...))
		must(fmt.Sprintf("act %d signature", index), err)
		if len(opened.UnverifiedSigs) > 0 {
			must(fmt.Sprintf("act %d signature", index), fmt.Errorf("of an unknown key"))
		}
	}
}

func main() {
	folder := os.Args[1]
	key, err := note.NewVerifier(os.Args[2])
	must("vkey", err)
	tree := checkpoint(filepath.Join(folder, "checkpoint"), key)
	earlier := checkpoint(os.Args[3], key)
	hashes := tlog.TileHashReader(tree, tiles{folder})
	acts := entries(folder, tree.N)
	if int64(len(acts)) != tree.N {
		must("entries", fmt.Errorf("%d of %d", len(acts), tree.N))
	}
	for index := int64(0); index < tree.N; index++ {
		leaf := tlog.RecordHash(acts[index])
		proof, err := tlog.ProveRecord(tree.N, index, hashes)
		must("tiles", err)
		must(fmt.Sprintf("act %d inclusion", index), tlog.CheckRecord(proof, tree.N, tree.Hash, index, leaf))
	}
	proof, err := tlog.ProveTree(tree.N, earlier.N, hashes)
	must("tiles", err)
	must("growth by the tiles", tlog.CheckTree(proof, tree.N, tree.Hash, earlier.N, earlier.Hash))
	must("consistency", tlog.CheckTree(growth(os.Args[4]), tree.N, tree.Hash, earlier.N, earlier.Hash))
	signatures(folder, acts)
	fmt.Printf("%s %d\n", key.Name(), tree.N)
}
