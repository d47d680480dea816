package io.patina.imports.mtree;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import io.patina.facts.Attributes;
import io.patina.facts.Entry;
import io.patina.facts.FactKey;
import io.patina.imports.Imported;
import io.patina.imports.InvalidImportException;
import io.patina.imports.Limits;
import io.patina.imports.Scopes;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MtreeReaderTest {

  @Test
  void namesAreRelativeToTheDirectoryThatWasEntered() throws Exception {
    Imported imported =
        read(
            """
            #          user: root
            # .
            /set type=file uid=0 gid=0 mode=0644
            .               type=dir mode=0755
                a           size=1 \\
                            sha256=%s

            # ./d
            d               type=dir mode=0750
                b           uid=7
            # ./d
            ..
                c           mode=u=rw,go=r
            ..
            """
                .formatted("ab".repeat(32)));
    assertEquals(List.of("/", "/a", "/c", "/d", "/d/b"), names(imported));
    assertEquals("directory", attribute(imported, "/d", "type"));
    assertEquals("0750", attribute(imported, "/d", "mode"));
    assertEquals("ab".repeat(32), attribute(imported, "/a", "sha256"));
    assertEquals("7", attribute(imported, "/d/b", "uid"));
    assertEquals("0", attribute(imported, "/d/b", "gid"));
    assertEquals("0644", attribute(imported, "/c", "mode"));
  }

  @Test
  void fullPathsStandForThemselves() throws Exception {
    Imported imported =
        read(
            """
            #mtree
            . type=dir
            ./usr type=dir
            ./usr/bin/x type=file size=2
            usr/bin/y type=link link=x
            """);
    assertEquals(List.of("/", "/usr", "/usr/bin/x", "/usr/bin/y"), names(imported));
    assertEquals("x", attribute(imported, "/usr/bin/y", "target"));
  }

  @Test
  void unsetEndsADefault() throws Exception {
    Imported imported =
        read("/set uid=5 gid=6\na type=file\n/unset uid\nb type=file\n/unset all\nc type=file\n");
    assertEquals("5", attribute(imported, "/a", "uid"));
    assertEquals("", attribute(imported, "/b", "uid"));
    assertEquals("6", attribute(imported, "/b", "gid"));
    assertEquals("", attribute(imported, "/c", "gid"));
  }

  @Test
  void escapesAreThoseOfVis() throws Exception {
    Imported imported =
        read("a\\sb type=file\n\\M^?\\M-~ type=link link=\\^A\\040\\x41\\n\n\\\\x\\#y type=file\n");
    List<ByteString> keys = new ArrayList<>();
    imported.manifest().forEach(e -> keys.add(e.key().name()));
    assertEquals(
        List.of(
            ByteString.copyFromUtf8("/\\x#y"),
            ByteString.copyFromUtf8("/a b"),
            ByteString.copyFrom(new byte[] {'/', (byte) 0xff, (byte) 0xfe})),
        keys);
    assertEquals(
        ByteString.copyFromUtf8("\u0001 A\n"),
        imported.manifest().get(2).attributes().get("target").orElseThrow());
  }

  @Test
  void everyDialectOfAKeywordIsUnderstood() throws Exception {
    Imported imported =
        read(
            """
            a type=file sha256digest=%s md5digest=%s flags=schg,uappnd xattr.user.n=YmM=
            b type=file flags=none mode=4755 nlink=1 time=1.0 uname=root cksum=1
            c type=char device=0x103
            d type=block device=native,259,300
            e type=file nochange mode=0777
            f type=file optional size=1
            """
                .formatted("cd".repeat(32), "ef".repeat(16)));
    assertEquals("cd".repeat(32), attribute(imported, "/a", "sha256"));
    assertEquals("ef".repeat(16), attribute(imported, "/a", "md5"));
    assertEquals("immutable,append", attribute(imported, "/a", "flags"));
    assertEquals("bc", attribute(imported, "/a", "xattr:user.n"));
    assertEquals("4755", attribute(imported, "/b", "mode"));
    assertTrue(stated(imported, "/b").get("flags").orElseThrow().isEmpty());
    assertEquals("1:3", attribute(imported, "/c", "device"));
    assertEquals("259:300", attribute(imported, "/d", "device"));
    assertEquals("", attribute(imported, "/e", "mode"));
    assertEquals(List.of("/a", "/b", "/c", "/d", "/e"), names(imported));
    assertTrue(
        imported.notes().toString().contains("marked optional"), imported.notes().toString());
    assertTrue(imported.notes().toString().contains("nlink: 1"), imported.notes().toString());
  }

  @Test
  void anUnknownKeywordIsKeptAndReported() throws Exception {
    Imported imported = read("a type=file brand=new\n");
    assertEquals("new", attribute(imported, "/a", "~mtree:brand"));
    assertTrue(imported.notes().contains("entries with an unknown keyword, brand: 1"));
  }

  @Test
  void mistakesAreNamedWithTheirLine() {
    refused("a type=file\n..\n", "line 2: .. leads out of the root");
    refused("a type=file\nb type=thing\n", "line 2: unknown type thing");
    refused("./a/../../etc/passwd type=file\n", "line 1: a path with .. leads out");
    refused("a type=file mode=9\n", "line 1: not a mode: 9");
    refused("a type=file size=many\n", "line 1 (/a): attribute size cannot be many");
    refused("a type=file sha256=zz\n", "line 1: sha256 is not hexadecimal: zz");
    refused("a type=file sha256=abcd\n", "line 1 (/a): attribute sha256 has 32 bytes");
    refused("a\\q type=file\n", "line 1: the escape \\q is none");
    refused("a\\057b type=file\n", "line 1: an escaped name that is a path");
    refused("a type=file \\\n  size=1\n\u0000", "line 3: a NUL byte");
    refused("x".repeat(Lines.MAX_LINE + 1), "line 1 is over");
  }

  @Test
  void moreEntriesThanTheBoundAreRefused() {
    Limits few = new Limits(2, 1 << 20, 1 << 20, 1 << 20);
    InvalidImportException e =
        assertThrows(
            InvalidImportException.class,
            () ->
                MtreeReader.read(
                    new ByteArrayInputStream("a\nb\nc\n".getBytes(StandardCharsets.UTF_8)),
                    Scopes.everything(),
                    few));
    assertEquals("line 3: more than 2 entries are not read", e.getMessage());
  }

  private static void refused(String text, String message) {
    InvalidImportException e = assertThrows(InvalidImportException.class, () -> read(text));
    assertTrue(String.valueOf(e.getMessage()).startsWith(message), e.getMessage());
  }

  private static Imported read(String text) throws IOException, InvalidImportException {
    return MtreeReader.read(
        new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)),
        Scopes.everything(),
        Limits.STANDARD);
  }

  private static List<String> names(Imported imported) {
    List<String> out = new ArrayList<>();
    imported.manifest().forEach(e -> out.add(e.key().displayName()));
    return out;
  }

  private static Attributes stated(Imported imported, String path) {
    return imported
        .manifest()
        .find(FactKey.file(ByteString.copyFromUtf8(path)))
        .map(Entry::attributes)
        .orElseThrow();
  }

  private static String attribute(Imported imported, String path, String name) {
    return stated(imported, path).shown(name).orElse("");
  }
}
