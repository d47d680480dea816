package io.patina.engine.fleet;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One page of a list.
 *
 * @param next cursor of the next page; null on the last one
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Listed<T>(List<T> items, @Nullable String next) {

  /** Most items on a page. */
  public static final int MOST = 500;

  public Listed {
    items = List.copyOf(items);
  }

  /**
   * A page from one row more than it holds: the surplus row says that there is a next page.
   *
   * @param cursorAfter the cursor that continues after an item
   */
  static <T> Listed<T> of(List<T> oneMore, int limit, Function<T, Cursor> cursorAfter) {
    if (oneMore.size() <= limit) {
      return new Listed<>(oneMore, null);
    }
    List<T> page = oneMore.subList(0, limit);
    return new Listed<>(page, cursorAfter.apply(page.getLast()).text());
  }
}
