"""What runs by itself: which jobs there are and when (schedule), what each does (tasks), what runs them (runner)."""
