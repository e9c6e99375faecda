"""What is put on a program's path to let its clock be wrong."""
