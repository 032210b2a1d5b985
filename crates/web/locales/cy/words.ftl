x-words = x
