"""What Auto Scaling decides by itself: how many servers a group has, which of them are replaced, and when."""
