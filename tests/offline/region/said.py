"""The names of what the region says that it leaves out."""


def names(found):
    return sorted({each.partition(":")[0] for each in found})
