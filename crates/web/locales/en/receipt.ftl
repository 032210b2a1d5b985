x-receipt = x
