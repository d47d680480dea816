package io.patina.manifest;

import io.patina.facts.Entry;
import io.patina.facts.FactKey;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What lies over a manifest: where both have a key, the overlay decides. */
public final class Overlay {
  private Overlay() {}

  /**
   * Both as one, ascending.
   *
   * @param below entries ascending by key
   * @param above values ascending by key
   * @param seen the entry that a value stands for; empty where it says that there is none
   */
  public static <V> Iterator<Entry> merged(
      Iterator<Entry> below,
      Iterator<Map.Entry<FactKey, V>> above,
      Function<Map.Entry<FactKey, V>, Optional<Entry>> seen) {
    return new Merged<>(below, above, seen);
  }

  private static final class Merged<V> implements Iterator<Entry> {
    private final Iterator<Entry> below;
    private final Iterator<Map.Entry<FactKey, V>> above;
    private final Function<Map.Entry<FactKey, V>, Optional<Entry>> seen;
    private @Nullable Entry nextBelow;
    private Map.@Nullable Entry<FactKey, V> nextAbove;
    private @Nullable Entry next;

    Merged(
        Iterator<Entry> below,
        Iterator<Map.Entry<FactKey, V>> above,
        Function<Map.Entry<FactKey, V>, Optional<Entry>> seen) {
      this.below = below;
      this.above = above;
      this.seen = seen;
      this.nextBelow = below.hasNext() ? below.next() : null;
      this.nextAbove = above.hasNext() ? above.next() : null;
      advance();
    }

    private void advance() {
      next = null;
      while (next == null && (nextBelow != null || nextAbove != null)) {
        Map.Entry<FactKey, V> over = nextAbove;
        Entry under = nextBelow;
        int order = over == null ? -1 : under == null ? 1 : under.key().compareTo(over.getKey());
        if (order < 0) {
          next = under;
        } else if (over != null) {
          next = seen.apply(over).orElse(null);
          nextAbove = above.hasNext() ? above.next() : null;
        }
        if (order <= 0) {
          nextBelow = below.hasNext() ? below.next() : null;
        }
      }
    }

    @Override
    public boolean hasNext() {
      return next != null;
    }

    @Override
    public Entry next() {
      Entry result = next;
      if (result == null) {
        throw new NoSuchElementException();
      }
      advance();
      return result;
    }
  }
}
