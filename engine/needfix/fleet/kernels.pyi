# `kernels.pyx` tells what each does.

from needfix.fleet.arrays import Ints

def fill(begins: Ints, owners: Ints) -> None: ...
