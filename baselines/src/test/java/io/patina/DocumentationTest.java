package io.patina;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** README and docs point at things that are there. */
class DocumentationTest {

  private static final Path CHECKOUT = Path.of("..").toAbsolutePath().normalize();
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
  private static final Pattern HEADING = Pattern.compile("(?m)^#+ +(.*)$");

  @Test
  void everyRelativeLinkResolves() throws IOException {
    List<String> broken = new ArrayList<>();
    int links = 0;
    for (Path page : pages()) {
      Matcher m = LINK.matcher(Files.readString(page));
      while (m.find()) {
        links++;
        broken(page, m.group(1)).ifPresent(broken::add);
      }
    }
    assertEquals(List.of(), broken);
    assertTrue(links > 50, "only " + links + " links were found");
  }

  @Test
  void decisionsAreNumberedWithoutGaps() throws IOException {
    try (Stream<Path> files = Files.list(CHECKOUT.resolve("docs/adr"))) {
      List<String> names = files.map(f -> f.getFileName().toString()).sorted().toList();
      for (int i = 0; i < names.size(); i++) {
        assertTrue(names.get(i).startsWith(String.format("%04d-", i + 1)), names.get(i));
      }
    }
  }

  private static Optional<String> broken(Path page, String link) throws IOException {
    if (link.startsWith("https://") || link.startsWith("http://")) {
      return Optional.empty();
    }
    int hash = link.indexOf('#');
    String path = hash < 0 ? link : link.substring(0, hash);
    Path target = path.isEmpty() ? page : page.resolveSibling(path).normalize();
    boolean there =
        target.startsWith(CHECKOUT)
            && Files.exists(target)
            && (hash < 0 || headings(target).contains(link.substring(hash + 1)));
    return there ? Optional.empty() : Optional.of(CHECKOUT.relativize(page) + " points at " + link);
  }

  private static List<String> headings(Path page) throws IOException {
    return HEADING
        .matcher(Files.readString(page))
        .results()
        .map(r -> r.group(1).toLowerCase(java.util.Locale.ROOT))
        .map(h -> h.replaceAll("[^a-z0-9 -]", "").replace(' ', '-'))
        .toList();
  }

  private static List<Path> pages() throws IOException {
    List<Path> out = new ArrayList<>(List.of(CHECKOUT.resolve("README.md")));
    try (Stream<Path> docs = Files.walk(CHECKOUT.resolve("docs"))) {
      docs.filter(f -> f.toString().endsWith(".md")).forEach(out::add);
    }
    return out;
  }
}
