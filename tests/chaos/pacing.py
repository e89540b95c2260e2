"""x"""
def measure_all() -> int: return 0
