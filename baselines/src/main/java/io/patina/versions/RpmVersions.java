package io.patina.versions;

/** rpm-version(7): rpmvercmp on version and release. */
final class RpmVersions {

  private RpmVersions() {}

  static int compare(String a, String b) {
    VersionOrder.Epoch x = VersionOrder.Epoch.of(a);
    VersionOrder.Epoch y = VersionOrder.Epoch.of(b);
    int order = VersionOrder.numbers(x.number(), y.number());
    if (order != 0) {
      return order;
    }
    int dashX = x.rest().lastIndexOf('-');
    int dashY = y.rest().lastIndexOf('-');
    order =
        part(
            dashX < 0 ? x.rest() : x.rest().substring(0, dashX),
            dashY < 0 ? y.rest() : y.rest().substring(0, dashY));
    return order != 0 || dashX < 0 || dashY < 0
        ? order
        : part(x.rest().substring(dashX + 1), y.rest().substring(dashY + 1));
  }

  private static int part(String a, String b) {
    int i = 0;
    int j = 0;
    while (i < a.length() || j < b.length()) {
      i = skip(a, i);
      j = skip(b, j);
      char x = i < a.length() ? a.charAt(i) : 0;
      char y = j < b.length() ? b.charAt(j) : 0;
      if (x == '~' || y == '~') {
        if (x != y) {
          return x == '~' ? -1 : 1;
        }
        i++;
        j++;
        continue;
      }
      if (x == '^' || y == '^') {
        if (x != y) {
          // After the plain version, before anything that goes on.
          return x == '^' ? (y == 0 ? 1 : -1) : (x == 0 ? -1 : 1);
        }
        i++;
        j++;
        continue;
      }
      if (x == 0 || y == 0) {
        break;
      }
      boolean numeric = VersionOrder.isDigit(x);
      int endA = run(a, i, numeric);
      int endB = run(b, j, numeric);
      if (endB == j) {
        // Numbers are newer than letters.
        return numeric ? 1 : -1;
      }
      String left = a.substring(i, endA);
      String right = b.substring(j, endB);
      int order = numeric ? VersionOrder.numbers(left, right) : left.compareTo(right);
      if (order != 0) {
        return order;
      }
      i = endA;
      j = endB;
    }
    return Boolean.compare(i < a.length(), j < b.length());
  }

  private static int skip(String text, int from) {
    int i = from;
    while (i < text.length() && isSeparator(text.charAt(i))) {
      i++;
    }
    return i;
  }

  private static boolean isSeparator(char c) {
    return !VersionOrder.isDigit(c) && !VersionOrder.isLetter(c) && c != '~' && c != '^';
  }

  private static int run(String text, int from, boolean numeric) {
    int i = from;
    while (i < text.length()
        && (numeric
            ? VersionOrder.isDigit(text.charAt(i))
            : VersionOrder.isLetter(text.charAt(i)))) {
      i++;
    }
    return i;
  }
}
