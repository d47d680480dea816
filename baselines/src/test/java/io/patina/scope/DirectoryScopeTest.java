package io.patina.scope;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.patina.facts.Facet;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class DirectoryScopeTest {

  private static final List<String> NAMES = List.of("a", "b", "ab", "ba");

  @Test
  void aWalkByDirectoriesFindsWhatTheScopeSaysOfEveryPath() {
    List<String> every = new ArrayList<>();
    everything("/", 4, every);
    int found = 0;
    for (int seed = 0; seed < 300; seed++) {
      Scope scope = scope(new Random(seed));
      Set<String> walked = new TreeSet<>();
      if (scope.entersDirectory(utf8("/"))) {
        walk(scope, "/", 4, walked);
      }
      Set<String> observed = new TreeSet<>();
      for (String path : every) {
        if (scope.observesPath(utf8(path))) {
          observed.add(path + " " + new TreeSet<>(scope.attributesOf(utf8(path))));
        }
      }
      assertEquals(observed, walked, scope.canonical());
      found += observed.size();
    }
    assertTrue(found > 1000, "found " + found);
  }

  private static void walk(Scope scope, String directory, int depth, Set<String> out) {
    DirectoryScope inside = scope.in(utf8(directory));
    for (String name : NAMES) {
      String path = (directory.equals("/") ? "" : directory) + "/" + name;
      if (inside.observes(utf8(path))) {
        out.add(path + " " + new TreeSet<>(inside.attributesOf(utf8(path))));
      }
      if (depth > 1 && inside.enters(utf8(path))) {
        walk(scope, path, depth - 1, out);
      }
    }
  }

  private static void everything(String directory, int depth, List<String> out) {
    for (String name : NAMES) {
      String path = (directory.equals("/") ? "" : directory) + "/" + name;
      out.add(path);
      if (depth > 1) {
        everything(path, depth - 1, out);
      }
    }
  }

  private static Scope scope(Random random) {
    return new Scope(
        "random",
        Set.of(Facet.FILE),
        globs(random, 2),
        globs(random, 3),
        globs(random, 3).stream().map(g -> new Scope.AttributeRule(g, Set.of("for " + g))).toList(),
        List.of());
  }

  private static List<Glob> globs(Random random, int most) {
    List<Glob> out = new ArrayList<>();
    int n = 1 + random.nextInt(most);
    for (int i = 0; i < n; i++) {
      StringBuilder glob = new StringBuilder();
      int parts = 1 + random.nextInt(3);
      for (int p = 0; p < parts; p++) {
        glob.append(List.of("/a", "/b", "/*", "/**", "/?b", "/a*").get(random.nextInt(6)));
      }
      out.add(Glob.of(glob.toString()));
    }
    return out;
  }

  private static ByteString utf8(String text) {
    return ByteString.copyFromUtf8(text);
  }
}
