x-frame = x
