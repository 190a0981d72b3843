"""The main job, end to end: paper in, provable custody out. Every step can be stopped anywhere and taken up again."""
