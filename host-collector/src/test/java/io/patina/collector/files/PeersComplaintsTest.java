package io.patina.collector.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.patina.facts.Attributes;
import io.patina.facts.Entry;
import io.patina.facts.Escaped;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What users of other tools complain of, as far as it is about reading names, links and files. */
class PeersComplaintsTest {
  @TempDir Path tree;

  /** Every byte that a name may have: all but NUL and the slash. */
  @Test
  void noValidNameIsRejectedAndNoByteOfItIsMangled() {
    Shell.run(
        tree,
        """
        i=1
        while [ $i -lt 256 ]; do
          if [ $i -ne 47 ] && [ $i -ne 46 ]; then
            printf x > "$(printf "\\\\$(printf %03o $i)"; printf .)"
          fi
          i=$((i+1))
        done
        printf x > "$(printf '%0255d' 7)"
        """);
    Walks walk = Walks.of(tree);
    assertEquals(1 + 253 + 1, walk.found.size());
    for (int i = 1; i < 256; i++) {
      if (i != '/' && i != '.') {
        assertEquals("file", walk.text("/" + (char) i + ".", Attributes.TYPE));
      }
    }
    assertTrue(walk.found.values().stream().noneMatch(Entry::isGap));
  }

  @Test
  void whatIsShownOfANameIsOneSafeLineAndStillTellsNamesApart() {
    Shell.run(
        tree,
        """
        printf x > 'back\\slash'
        printf x > 'quote"d'
        printf x > "$(printf 'line\\nbreak')"
        printf x > "$(printf 'line\\134nbreak')"
        printf x > "$(printf '\\377')"
        printf x > "$(printf '\\303\\277')"
        """);
    List<String> shown =
        Walks.of(tree).found.values().stream().map(e -> Escaped.bytes(e.key().name())).toList();
    assertEquals(7, Set.copyOf(shown).size(), shown::toString);
    assertTrue(
        shown.stream().allMatch(s -> s.chars().noneMatch(c -> c < ' ' || c == 0x7f)),
        shown::toString);
  }

  @Test
  void aLinkFromBinToUsrBinIsOneFactAndWhatIsInItIsReportedOnceAndNotThreeTimes() {
    Shell.run(
        tree,
        """
        mkdir -p usr/bin usr/lib
        printf x > usr/bin/tool
        ln -s usr/bin bin
        ln -s usr/bin sbin
        ln -s bin usr/sbin
        """);
    Walks walk = Walks.of(tree);
    assertEquals(
        Set.of("/", "/bin", "/sbin", "/usr", "/usr/bin", "/usr/bin/tool", "/usr/lib", "/usr/sbin"),
        walk.found.keySet());
    assertEquals("usr/bin", walk.text("/bin", Attributes.TARGET));
    assertEquals("bin", walk.text("/usr/sbin", Attributes.TARGET));
  }

  @Test
  void aLinkThatIsPointedElsewhereIsAChangedFactOfTheLinkItself() {
    Shell.run(tree, "mkdir one two; ln -s one current");
    assertEquals("one", Walks.of(tree).text("/current", Attributes.TARGET));
    Shell.run(tree, "ln -sfn two current");
    assertEquals("two", Walks.of(tree).text("/current", Attributes.TARGET));
  }

  @Test
  void aFileThatIsRenamedOverAnotherIsTheOneThatIsThere() {
    Shell.run(tree, "printf old > program; chmod 755 program");
    Walks before = Walks.of(tree);
    // Same size, and a time in the past: only the content and the inode tell.
    Shell.run(tree, "printf new > .tmp; chmod 755 .tmp; touch -r program .tmp; mv .tmp program");
    Walks after = Walks.of(tree);
    assertEquals(Set.of("/", "/program"), after.found.keySet());
    assertFalse(
        before
            .attribute("/program", Attributes.SHA256)
            .equals(after.attribute("/program", Attributes.SHA256)));
  }

  @Test
  void whatIsWrittenThroughOneHardLinkIsSeenUnderTheOther() {
    Shell.run(tree, "mkdir a b; printf old > a/x; ln a/x b/y");
    Walks before = Walks.of(tree);
    assertEquals(3, before.progress.bytes(), "one file, read once");
    Shell.run(tree, "printf new > b/y");
    Walks after = Walks.of(tree);
    assertEquals(
        after.attribute("/a/x", Attributes.SHA256), after.attribute("/b/y", Attributes.SHA256));
    assertFalse(
        before
            .attribute("/a/x", Attributes.SHA256)
            .equals(after.attribute("/a/x", Attributes.SHA256)));
  }
}
