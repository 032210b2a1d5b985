x-error = x
