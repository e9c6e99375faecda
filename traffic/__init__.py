"""People who use a running store over HTTP: some who fill it, many who shop in it."""
