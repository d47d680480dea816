package io.patina.collector.files;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.patina.facts.Attributes;
import io.patina.facts.Gap;
import io.patina.scope.Glob;
import io.patina.scope.Scope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Attributes as the kernel has them, set by the system's own programs on a real file system. */
class FileAttributesTest {
  @TempDir Path tree;

  @Test
  void setIdAndStickyBitsAreInTheMode() {
    Shell.run(
        tree, "touch u g; mkdir t; chmod 4755 u; chmod 2755 g; chmod 1777 t; chmod 7000 t/.. ");
    Walks walk = Walks.of(tree);
    assertEquals("4755", walk.text("/u", Attributes.MODE));
    assertEquals("2755", walk.text("/g", Attributes.MODE));
    assertEquals("1777", walk.text("/t", Attributes.MODE));
    Shell.run(tree, "chmod 700 .");
  }

  @Test
  void aCapabilityIsStatedRawAndItsAbsenceToo() throws IOException {
    needs("setcap", "libcap2-bin");
    assumeTrue(Walks.isRoot(), "setting a capability needs root");
    Shell.run(tree, "touch with without; setcap cap_net_raw+ep with");
    Walks walk = Walks.of(tree);
    // struct vfs_cap_data, revision 2, effective; CAP_NET_RAW is number 13.
    assertEquals(
        "0100000200200000000000000000000000000000",
        HexFormat.of().formatHex(walk.attribute("/with", "capability").toByteArray()));
    assertTrue(walk.attribute("/without", "capability").isEmpty());
  }

  @Test
  void anAclThatTheModeDoesNotShowIsAnAttributeThatWasStatedBefore() throws IOException {
    needs("setfacl", "acl");
    Shell.run(tree, "touch file; chmod 640 file; mkdir directory; ln -s file link");
    Walks before = Walks.of(tree);
    assertTrue(before.attribute("/file", "acl").isEmpty());
    assertTrue(before.attribute("/directory", "acl-default").isEmpty());
    assertFalse(before.entry("/link").attributes().get("acl").isPresent());
    Shell.run(tree, "setfacl -m u:12345:r file; setfacl -d -m u:12345:rwx directory");
    Walks after = Walks.of(tree);
    assertEquals("0640", after.text("/file", Attributes.MODE));
    // Little-endian: version 2, then tag, permissions, id; ACL_USER is 2, 12345 is 0x3039.
    String acl = HexFormat.of().formatHex(after.attribute("/file", "acl").toByteArray());
    assertTrue(acl.startsWith("02000000") && acl.contains("0200040039300000"), acl);
    assertTrue(after.attribute("/directory", "acl").isEmpty());
    assertFalse(after.attribute("/directory", "acl-default").isEmpty());
  }

  @Test
  void immutableAndAppendOnlyAreStated() throws IOException {
    needs("chattr", "e2fsprogs");
    assumeTrue(Walks.isRoot(), "chattr +i needs root");
    assumeTrue(
        Shell.succeeds(tree, "touch probe; chattr +i probe && chattr -i probe"),
        "the file system of the temporary directory has no immutable flag");
    Shell.run(tree, "touch i a plain; mkdir d; chattr +i i d; chattr +a a");
    try {
      Walks walk = Walks.of(tree);
      assertEquals("immutable", walk.text("/i", Attributes.FLAGS));
      assertEquals("append", walk.text("/a", Attributes.FLAGS));
      assertEquals("immutable", walk.text("/d", Attributes.FLAGS));
      assertEquals("", walk.text("/plain", Attributes.FLAGS));
    } finally {
      Shell.run(tree, "chattr -i i d; chattr -a a");
    }
  }

  @Test
  void otherSecurityAndUserAttributesAreStatedByName() throws IOException {
    needs("setfattr", "attr");
    assumeTrue(Walks.isRoot(), "a security attribute needs root");
    assumeTrue(
        Shell.succeeds(
            tree, "touch x; setfattr -n security.patina -v s x && setfattr -n user.note -v u x"),
        "the file system of the temporary directory keeps no extended attributes");
    Walks walk = Walks.of(tree);
    assertEquals("s", walk.text("/x", "xattr:security.patina"));
    assertEquals("u", walk.text("/x", "xattr:user.note"));
  }

  @Test
  void attributesAreChosenByGlob() throws IOException {
    Files.createDirectories(tree.resolve("etc"));
    Files.createDirectories(tree.resolve("usr"));
    Files.writeString(tree.resolve("etc/conf"), "x");
    Files.writeString(tree.resolve("usr/program"), "x");
    Scope scope =
        new Scope(
            "test",
            Scopes.everything().facets(),
            List.of(Glob.of("/**")),
            List.of(),
            List.of(
                new Scope.AttributeRule(Glob.of("/etc/**"), Set.of("type", "mode")),
                new Scope.AttributeRule(Glob.of("/usr/**"), Set.of("sha256", "acl"))),
            List.of());
    Walks walk = Walks.of(tree, scope, 1);
    assertEquals(Set.of("type", "mode"), walk.entry("/etc/conf").attributes().values().keySet());
    assertEquals(
        Set.of("sha256", "acl"), walk.entry("/usr/program").attributes().values().keySet());
    assertEquals(Set.of(), walk.entry("/").attributes().values().keySet());
  }

  @Test
  void ofTwoNamesOfOneFileOnlyOneOfWhichIsAskedForMd5ItStillGetsOne() throws Exception {
    Files.createDirectories(tree.resolve("a"));
    Files.createDirectories(tree.resolve("b"));
    Files.writeString(tree.resolve("a/x"), "content");
    Files.createLink(tree.resolve("b/x"), tree.resolve("a/x"));
    Scope scope =
        new Scope(
            "test",
            Scopes.everything().facets(),
            List.of(Glob.of("/**")),
            List.of(),
            List.of(
                new Scope.AttributeRule(Glob.of("/a/**"), Set.of("sha256")),
                new Scope.AttributeRule(Glob.of("/b/**"), Set.of("md5"))),
            List.of());
    Walks walk = Walks.of(tree, scope, 1);
    assertArrayEquals(
        java.security.MessageDigest.getInstance("MD5")
            .digest("content".getBytes(java.nio.charset.StandardCharsets.UTF_8)),
        walk.attribute("/b/x", "md5").toByteArray());
  }

  @Test
  void moreAttributesThanAFactCanStateAreAGapAndDoNotEndTheWalk() throws IOException {
    needs("setfattr", "attr");
    assumeTrue(Walks.isRoot(), "mounting a tmpfs needs root");
    Shell.run(tree, "mkdir m; mount -t tmpfs none m");
    try {
      boolean many =
          Shell.succeeds(
              tree,
              """
              touch m/many m/plain
              i=0
              while [ $i -lt 300 ]; do setfattr -n user.$i -v x m/many || exit 1; i=$((i+1)); done
              """);
      assumeTrue(many, "this kernel's tmpfs takes no 300 user attributes");
      Walks walk = Walks.of(tree.resolve("m"));
      assertEquals(Gap.LIMIT, walk.gap("/many").reason());
      assertEquals("file", walk.text("/plain", Attributes.TYPE));
    } finally {
      Shell.run(tree, "umount m");
    }
  }

  @Test
  void theVerityDigestIsStatedWhereThereIsOne() throws IOException {
    Scope scope = Scopes.everything().withAttribute("verity");
    Files.writeString(tree.resolve("plain"), "content");
    assertTrue(Walks.of(tree, scope, 1).attribute("/plain", "verity").isEmpty());
    assumeTrue(Walks.isRoot(), "mounting an image needs root");
    needs("fsverity", "fsverity");
    String enable =
        """
        truncate -s 8M image
        mkfs.ext4 -q -O verity -b 4096 image
        mkdir m
        mount -o loop image m
        printf content > m/file
        fsverity enable m/file
        """;
    try {
      assumeTrue(Shell.succeeds(tree, enable), "this kernel has no fs-verity on ext4");
      String digest = Shell.output(tree, "fsverity measure m/file | cut -d' ' -f1");
      assertEquals(
          digest.strip(),
          "sha256:"
              + HexFormat.of()
                  .formatHex(
                      Walks.of(tree.resolve("m"), scope, 1)
                          .attribute("/file", "verity")
                          .toByteArray()));
    } finally {
      Shell.succeeds(tree, "umount m");
    }
  }

  private static void needs(String program, String packageName) {
    assumeTrue(
        Shell.succeeds(Path.of("/"), "PATH=$PATH:/usr/sbin:/sbin; command -v " + program),
        program + " is not installed (Debian: " + packageName + ")");
  }
}
