"""Speed of this project's parts beside MMPose's own; see docs/performance.md."""
