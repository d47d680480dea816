package io.patina.versions;

/** deb-version(7), "Sorting algorithm". */
final class DpkgVersions {

  private DpkgVersions() {}

  static int compare(String a, String b) {
    VersionOrder.Epoch x = VersionOrder.Epoch.of(a);
    VersionOrder.Epoch y = VersionOrder.Epoch.of(b);
    int order = VersionOrder.numbers(x.number(), y.number());
    if (order != 0) {
      return order;
    }
    int dashX = x.rest().lastIndexOf('-');
    int dashY = y.rest().lastIndexOf('-');
    order = part(before(x.rest(), dashX), before(y.rest(), dashY));
    return order != 0 ? order : part(after(x.rest(), dashX), after(y.rest(), dashY));
  }

  private static String before(String text, int dash) {
    return dash < 0 ? text : text.substring(0, dash);
  }

  private static String after(String text, int dash) {
    return dash < 0 ? "" : text.substring(dash + 1);
  }

  private static int part(String a, String b) {
    int i = 0;
    int j = 0;
    while (i < a.length() || j < b.length()) {
      while (isOther(a, i) || isOther(b, j)) {
        int order = Integer.compare(weight(a, i), weight(b, j));
        if (order != 0) {
          return order;
        }
        i++;
        j++;
      }
      int endA = digits(a, i);
      int endB = digits(b, j);
      int order =
          VersionOrder.numbers(
              a.substring(Math.min(i, endA), endA), b.substring(Math.min(j, endB), endB));
      if (order != 0) {
        return order;
      }
      i = endA;
      j = endB;
    }
    return 0;
  }

  private static boolean isOther(String text, int at) {
    return at < text.length() && !VersionOrder.isDigit(text.charAt(at));
  }

  private static int digits(String text, int from) {
    int end = Math.min(from, text.length());
    while (end < text.length() && VersionOrder.isDigit(text.charAt(end))) {
      end++;
    }
    return end;
  }

  /** A tilde before the end, the end before letters, letters before all other characters. */
  private static int weight(String text, int at) {
    if (at >= text.length() || VersionOrder.isDigit(text.charAt(at))) {
      return 0;
    }
    char c = text.charAt(at);
    if (c == '~') {
      return -1;
    }
    return VersionOrder.isLetter(c) ? c : c + 0x10000;
  }
}
