"""Operations on a whole catalog: back it up, check it, copy it."""
