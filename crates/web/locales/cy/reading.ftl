x-reading = x
