package io.patina.scope;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GlobTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "/etc/passwd /etc/passwd true",
        "/etc/passwd /etc/passwd- false",
        "/etc/* /etc/passwd true",
        "/etc/* /etc/apt/sources.list false",
        "/etc/** /etc/apt/sources.list true",
        "/etc/** /etc true",
        "/etc/** /etcetera false",
        "/** / true",
        "/**/*.pyc /usr/lib/a.pyc true",
        "/**/*.pyc /a.pyc false",
        "/**.pyc /a.pyc true",
        "/a?c /abc true",
        "/a?c /a/c false",
        "/a[b-d]c /acc true",
        "/a[b-d]c /aec false",
        "/a[!b-d]c /aec true",
        "/a[!b-d]c /a/c false",
        "/a[]x]c /a]c true",
        "/a[\\]x]c /a]c true",
        "/a[a-]c /a-c true",
        "/{a,b/c}/d /b/c/d true",
        "/{a,b{1,2}}/d /b2/d true",
        "/{a,b{1,2}}/d /b/d false",
        "/a{,.gz} /a true",
        "/a{,.gz} /a.gz true",
        "/a[{,}]b /a,b true",
        "/{[,],b} /, true",
        "/a\\*b /a*b true",
        "/a\\*b /axb false",
        "/a\\{b /a{b true",
        "/a\\/** /a/b true",
        "/a*b*c /abbbc true",
        "/a*b*c /abbb false",
        "/a**c /ab/bc true",
        "net.ipv4.** net.ipv4.ip_forward true",
        "net.*.ip_forward net.ipv4.ip_forward true",
      })
  void matches(String glob, String input, boolean expected) {
    assertEquals(expected, Glob.of(glob).matches(utf8(input)), glob);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/a[b", "/a{b", "/a\\", "/[z-a]", "/[\\", "/{a,[b}"})
  void whatIsNoGlobIsRefused(String glob) {
    assertThrows(IllegalArgumentException.class, () -> Glob.of(glob));
  }

  @Test
  void bracesHaveABound() {
    assertEquals("/{a,b}{c,d}", Glob.of("/{a,b}{c,d}").toString());
    assertThrows(IllegalArgumentException.class, () -> Glob.of("/" + "{a,b}".repeat(9)));
    assertThrows(IllegalArgumentException.class, () -> Glob.of("/" + "a".repeat(4096)));
  }

  @Test
  void bytesThatAreNoTextMatchToo() {
    assertTrue(Glob.of("/a?c").matches(ByteString.fromHex("2f61ff63")));
    assertTrue(Glob.of("/a*").matches(ByteString.fromHex("2f61fffe0a")));
  }

  @Test
  void manyStarsTakeNoExponentialTime() {
    Glob glob = Glob.of("/" + "*a".repeat(200) + "b");
    assertFalse(glob.matches(utf8("/" + "a".repeat(4000))));
  }

  @Test
  void agreesWithANaiveMatcher() {
    int matched = 0;
    for (int seed = 0; seed < 30_000; seed++) {
      Random random = new Random(seed);
      String pattern = "/" + chars(random, "ab/*?", 1 + random.nextInt(7));
      byte[] input = ("/" + chars(random, "ab/", random.nextInt(8))).getBytes(ascii());
      boolean expected = naive(pattern.getBytes(ascii()), 0, input, 0);
      if (pattern.matches(".+/\\*\\*+")) {
        expected |= naive(pattern.replaceAll("/\\*\\*+$", "").getBytes(ascii()), 0, input, 0);
      }
      assertEquals(expected, Glob.of(pattern).matches(ByteString.copyFrom(input)), pattern);
      matched += expected ? 1 : 0;
    }
    assertTrue(matched > 1000, "only " + matched + " matched");
  }

  @Test
  void whatItSaysOfDirectoriesIsTrueOfAllThatIsBelow() {
    List<String> names = new ArrayList<>();
    below("", 3, names);
    int pruned = 0;
    int whole = 0;
    for (int seed = 0; seed < 3000; seed++) {
      Random random = new Random(seed);
      String pattern = "/" + chars(random, "ab/*?", 1 + random.nextInt(6));
      Glob glob = Glob.of(random.nextInt(3) == 0 ? pattern + "/**" : pattern);
      String directory = "/" + chars(random, "ab", random.nextInt(3));
      String start = directory.equals("/") ? "/" : directory + "/";
      boolean any = false;
      boolean all = true;
      for (String name : names) {
        boolean matches = glob.matches(utf8(start + name));
        any |= matches;
        all &= matches;
      }
      boolean may = glob.mayMatchBelow(utf8(directory));
      boolean certainly = glob.matchesAllBelow(utf8(directory));
      assertTrue(!any || may, () -> glob + " matches below " + directory);
      assertTrue(!certainly || all, () -> glob + " does not match all below " + directory);
      pruned += may ? 0 : 1;
      whole += certainly ? 1 : 0;
    }
    assertTrue(pruned > 100 && whole > 100, "pruned " + pruned + ", whole " + whole);
  }

  @Test
  void longPatternsSpanSeveralWords() {
    String many = "?".repeat(130);
    assertTrue(Glob.of("*" + many + "z").matches(utf8("q".repeat(140) + "z")));
    assertFalse(Glob.of("*" + many + "z").matches(utf8("q".repeat(129) + "z")));
    assertTrue(Glob.of("*" + "?".repeat(62) + "*z").matches(utf8("q".repeat(63) + "z")));
    assertTrue(Glob.of("*" + "?".repeat(63) + "**").matches(utf8("q".repeat(63))));
    assertTrue(Glob.of("*" + "?".repeat(62) + "*").matches(utf8("q".repeat(62))));
  }

  private static void below(String prefix, int depth, List<String> out) {
    for (String name : new String[] {"a", "b", "ab", "bba"}) {
      out.add(prefix + name);
      if (depth > 1) {
        below(prefix + name + "/", depth - 1, out);
      }
    }
  }

  /** Plain recursion over the documented meaning of ?, * and **. */
  private static boolean naive(byte[] pattern, int p, byte[] input, int i) {
    if (p == pattern.length) {
      return i == input.length;
    }
    if (pattern[p] == '*') {
      int q = p;
      while (q < pattern.length && pattern[q] == '*') {
        q++;
      }
      boolean any = q - p > 1;
      for (int end = i; ; end++) {
        if (naive(pattern, q, input, end)) {
          return true;
        }
        if (end == input.length || (!any && input[end] == '/')) {
          return false;
        }
      }
    }
    return i < input.length
        && (pattern[p] == '?' ? input[i] != '/' : pattern[p] == input[i])
        && naive(pattern, p + 1, input, i + 1);
  }

  private static String chars(Random random, String from, int length) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < length; i++) {
      out.append(from.charAt(random.nextInt(from.length())));
    }
    return out.toString();
  }

  private static java.nio.charset.Charset ascii() {
    return java.nio.charset.StandardCharsets.US_ASCII;
  }

  private static ByteString utf8(String text) {
    return ByteString.copyFromUtf8(text);
  }
}
