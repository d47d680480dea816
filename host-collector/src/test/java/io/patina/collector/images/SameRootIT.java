package io.patina.collector.images;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.protobuf.ByteString;
import io.patina.facts.Attributes;
import io.patina.facts.Entry;
import io.patina.imports.Imported;
import io.patina.imports.InvalidImportException;
import io.patina.imports.Limits;
import io.patina.imports.archives.ContainerImage;
import io.patina.imports.archives.RootTar;
import io.patina.imports.mtree.MtreeReader;
import io.patina.manifest.Manifest;
import io.patina.scope.InvalidScopeException;
import io.patina.scope.Scope;
import io.patina.scope.ScopeFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * One root, captured and imported in every form in which real tools write it: the same for what
 * each can carry, and each carries at least what is said here.
 */
class SameRootIT {
  @TempDir static Path directory;

  private static Manifest captured = Manifest.of(scope().digest(), List.of());

  private static final String ROOT =
      """
      mkdir -p root/etc/sub root/usr/bin root/dev root/tmp
      cd root
      printf hi >'etc/a b'; printf x >"etc/n
      l"; printf y >'etc/h#x'; printf z >'etc/q*?[z'; printf e >'etc/é'; printf b >'etc/\\back'
      ln -s 'a b' 'etc/l k'; ln -s "$(printf '\\303\\251 \\134x')" etc/l2
      mkfifo etc/ff
      cp /bin/true usr/bin/su; chmod 4755 usr/bin/su; ln usr/bin/su usr/bin/su2
      cp /bin/true usr/bin/cap
      truncate -s 3M usr/bin/sparse; printf END >>usr/bin/sparse
      chmod 1777 tmp
      L=etc/$(printf 'n%.0s' $(seq 120)); mkdir "$L"; echo long >"$L/$(printf 'm%.0s' $(seq 200))"
      """;

  private static final String AS_ROOT =
      """
      cd root
      mknod dev/null c 1 3; mknod dev/blk b 259 300
      chown -R 12:34 etc/sub 'etc/a b'; chown -h 5:6 etc/l2
      setcap cap_net_raw+ep usr/bin/cap
      setfattr -n user.foo -v 0x62ff696e usr/bin/cap
      setfacl -m u:1000:r 'etc/a b'; setfacl -d -m g:50:rx etc/sub
      """;

  private static final String NO_UTF8 =
      "printf 1 >\"root/etc/$(printf '\\377\\376')\"; ln -s \"$(printf '\\377odd')\" root/etc/l3";

  /** What an archive or list without extended attributes carries. */
  private static final Set<String> PLAIN =
      Set.of("type", "mode", "uid", "gid", "size", "sha256", "target", "device");

  private static final Set<String> EXTENDED = with(PLAIN, "acl", "acl-default", "xattr:user.foo");

  @BeforeAll
  static void root() {
    assumeTrue(System.getProperty("user.name").equals("root"), "devices and owners need root");
    for (String program : List.of("setcap", "setfattr", "setfacl")) {
      assumeTrue(present(program), program + " is not installed");
    }
    shell(ROOT);
    shell(AS_ROOT);
    shell(NO_UTF8);
    captured = capture(directory.resolve("root"));
    assertEquals(26, captured.size(), names(captured).toString());
  }

  @Test
  void tarWithEverything() throws Exception {
    shell(
        "tar --numeric-owner --xattrs --xattrs-include='*' --acls -S --format=posix -C root -cf all.tar .");
    same(captured, tar("all.tar"), EXTENDED);
    assertTrue(states(tar("all.tar"), "/usr/bin/cap", "capability"));
  }

  @Test
  void tarOfGnuInXz() throws Exception {
    shell("tar --numeric-owner -S --format=gnu -C root -cJf gnu.tar.xz .");
    same(captured, tar("gnu.tar.xz"), PLAIN);
  }

  @Test
  void tarInZstandard() throws Exception {
    assumeTrue(present("zstd"), "zstd is not installed");
    shell("tar --numeric-owner --format=posix -C root -c . | zstd -q >p.tar.zst");
    same(captured, tar("p.tar.zst"), PLAIN);
  }

  @Test
  void tarOfBsd() throws Exception {
    assumeTrue(present("bsdtar"), "bsdtar (libarchive-tools) is not installed");
    shell("LC_ALL=C bsdtar --format=pax --numeric-owner -C root -cf bsd.tar .");
    same(captured, tar("bsd.tar"), EXTENDED);
  }

  @Test
  void mtreeOfNetBsd() throws Exception {
    assumeTrue(present("mtree"), "mtree (mtree-netbsd) is not installed");
    String keys = "type,mode,uid,gid,size,sha256,link,device";
    shell("cd root && mtree -c -p . -k " + keys + " >../relative.mtree");
    same(captured, mtree("relative.mtree"), PLAIN);
    shell("mtree -C -k " + keys + " <relative.mtree >full.mtree");
    same(captured, mtree("full.mtree"), PLAIN);
  }

  @Test
  void mtreeOfLibarchive() throws Exception {
    assumeTrue(present("bsdtar"), "bsdtar (libarchive-tools) is not installed");
    shell(
        "bsdtar --format=mtree --options='!all,type,mode,uid,gid,size,sha256,link,device'"
            + " -C root -cf bsd.mtree .");
    same(captured, mtree("bsd.mtree"), PLAIN);
  }

  @Test
  void containerImage() throws Exception {
    shell(
        """
        mkdir -p oci/blobs/sha256
        tar --numeric-owner --xattrs --xattrs-include='*' --format=posix -C root -cf lower.tar ./etc ./usr
        tar --numeric-owner --format=posix -C root -cf upper.tar ./dev ./tmp .
        tar --numeric-owner --xattrs --xattrs-include='*' --format=posix -C root -cf upper.tar .
        printf old >extra; tar -rf lower.tar --transform 's,extra,etc/extra,' extra
        : >.wh.extra; tar -rf upper.tar --transform 's,^,etc/,' .wh.extra
        id1=$(sha256sum <lower.tar | cut -c 1-64); id2=$(sha256sum <upper.tar | cut -c 1-64)
        gzip -n lower.tar
        blob() { h=$(sha256sum <"$1" | cut -c 1-64); cp "$1" oci/blobs/sha256/$h; printf '{"mediaType":"%s","digest":"sha256:%s","size":%s}' "$2" $h $(stat -c %s "$1"); }
        printf '{"rootfs":{"type":"layers","diff_ids":["sha256:%s","sha256:%s"]}}' $id1 $id2 >config
        l1=$(blob lower.tar.gz application/vnd.oci.image.layer.v1.tar+gzip)
        l2=$(blob upper.tar application/vnd.oci.image.layer.v1.tar)
        c=$(blob config application/vnd.oci.image.config.v1+json)
        printf '{"schemaVersion":2,"config":%s,"layers":[%s,%s]}' "$c" "$l1" "$l2" >manifest
        m=$(blob manifest application/vnd.oci.image.manifest.v1+json)
        printf '{"schemaVersion":2,"manifests":[%s]}' "$m" >oci/index.json
        printf '{"imageLayoutVersion":"1.0.0"}' >oci/oci-layout
        tar -C oci -cf oci.tar .
        """);
    for (String form : List.of("oci", "oci.tar")) {
      Imported image =
          ContainerImage.read(directory.resolve(form), Optional.empty(), scope(), Limits.STANDARD);
      same(captured, image.manifest(), with(EXTENDED, "capability"));
    }
  }

  @Test
  void squashfs() throws Exception {
    assumeTrue(present("mksquashfs"), "mksquashfs (squashfs-tools) is not installed");
    shell("mksquashfs root root.squashfs -quiet -no-progress");
    Manifest image = image("root.squashfs");
    same(captured, image, with(PLAIN, "capability", "xattr:user.foo"));
  }

  @Test
  void erofs() throws Exception {
    assumeTrue(present("mkfs.erofs"), "mkfs.erofs (erofs-utils) is not installed");
    shell("mkfs.erofs -x1 root.erofs root");
    same(captured, image("root.erofs"), with(EXTENDED, "capability", "flags"));
  }

  @Test
  void partitionOfADisk() throws Exception {
    assumeTrue(present("mkfs.ext4") && present("sfdisk"), "mkfs.ext4 or sfdisk is not installed");
    shell(
        """
        truncate -s 24M part; mkfs.ext4 -q -d root part
        truncate -s 32M disk; printf 'start=2048,size=49152\\n' | sfdisk -q disk
        dd if=part of=disk bs=1M seek=1 conv=notrunc status=none
        """);
    Manifest image;
    try {
      image =
          MountedImage.read(directory.resolve("disk"), Optional.of("1"), scope(), Limits.STANDARD)
              .manifest();
    } catch (InvalidImportException e) {
      assumeTrue(loops(), "no loop device with partitions: " + e.getMessage());
      throw e;
    }
    List<Entry> kept = new ArrayList<>();
    image.forEach(
        e -> {
          if (!e.key().displayName().equals("/lost+found")) {
            kept.add(e);
          }
        });
    same(captured, Manifest.of(image.scope(), kept), with(EXTENDED, "capability", "flags"));
  }

  @Test
  void ostreeCommit() throws Exception {
    assumeTrue(present("ostree"), "ostree is not installed");
    shell(
        """
        mkdir oroot; cp -a root/usr root/etc oroot; mv oroot/etc oroot/usr/etc
        find oroot -name ff -delete; LC_ALL=C find oroot -name l3 -delete
        rm -f "oroot/usr/etc/$(printf '\\377\\376')"
        ostree init --repo=repo --mode=bare
        ostree --repo=repo commit -b os/1 --tree=dir=oroot
        """);
    Imported commit =
        OstreeCommit.read(directory.resolve("repo"), Optional.of("os/1"), scope(), Limits.STANDARD);
    same(
        capture(directory.resolve("oroot")),
        commit.manifest(),
        with(EXTENDED, "capability", "flags"));
  }

  /** The same paths, and on each the attributes that the form carries. */
  private static void same(Manifest captured, Manifest imported, Set<String> carried) {
    assertEquals(names(captured), names(imported));
    Map<String, String> differences = new TreeMap<>();
    for (int i = 0; i < captured.size(); i++) {
      Map<String, ByteString> expected = captured.get(i).attributes().values();
      Map<String, ByteString> actual = imported.get(i).attributes().values();
      TreeSet<String> names = new TreeSet<>(actual.keySet());
      expected.keySet().stream().filter(carried::contains).forEach(names::add);
      for (String name : names) {
        Optional<ByteString> was = Optional.ofNullable(expected.get(name));
        Optional<ByteString> is = Optional.ofNullable(actual.get(name));
        // A form without a list of access may say nothing of it, where the file system says: none.
        boolean none = is.isEmpty() && was.filter(ByteString::isEmpty).isPresent();
        // And one that cannot hold them has none.
        boolean dropped = !carried.contains(name) && is.filter(ByteString::isEmpty).isPresent();
        if (!was.equals(is) && !none && !dropped) {
          String shown =
              was.map(v -> Attributes.show(name, v))
                  + " / "
                  + is.map(v -> Attributes.show(name, v));
          differences.put(captured.get(i).key() + " " + name, shown);
        }
      }
    }
    assertEquals(Map.of(), differences);
  }

  private static boolean states(Manifest manifest, String path, String attribute) {
    return manifest
        .find(io.patina.facts.FactKey.file(ByteString.copyFromUtf8(path)))
        .flatMap(e -> e.attributes().get(attribute))
        .filter(v -> !v.isEmpty())
        .isPresent();
  }

  private static Manifest tar(String file) throws IOException, InvalidImportException {
    try (InputStream in = Files.newInputStream(directory.resolve(file))) {
      return RootTar.read(in, scope(), Limits.STANDARD).manifest();
    }
  }

  private static Manifest mtree(String file) throws IOException, InvalidImportException {
    try (InputStream in = Files.newInputStream(directory.resolve(file))) {
      return MtreeReader.read(in, scope(), Limits.STANDARD).manifest();
    }
  }

  private static Manifest image(String file) throws IOException, InvalidImportException {
    try {
      return MountedImage.read(directory.resolve(file), Optional.empty(), scope(), Limits.STANDARD)
          .manifest();
    } catch (InvalidImportException e) {
      assumeTrue(loops(), "no loop devices here: " + e.getMessage());
      throw e;
    }
  }

  private static boolean loops() {
    return Files.exists(Path.of("/dev/loop-control"));
  }

  private static Manifest capture(Path root) {
    try {
      return HostTree.read(root, Optional.empty(), scope(), Limits.STANDARD).manifest();
    } catch (InvalidImportException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<String> names(Manifest manifest) {
    List<String> out = new ArrayList<>();
    manifest.forEach(e -> out.add(e.key().displayName() + (e.isGap() ? " gap" : "")));
    return out;
  }

  private static Scope scope() {
    try {
      return ScopeFile.parse(
          """
          name: everything
          facets: [file]
          include: [/**]
          attributes:
            - glob: /**
              names: [type, mode, uid, gid, size, sha256, target, device, flags, capability,
                      acl, acl-default, xattrs]
          """);
    } catch (InvalidScopeException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Set<String> with(Set<String> some, String... more) {
    TreeSet<String> out = new TreeSet<>(some);
    out.addAll(List.of(more));
    return out;
  }

  private static boolean present(String name) {
    for (String d : (System.getenv("PATH") + ":/usr/sbin:/sbin").split(":", -1)) {
      if (Files.isExecutable(Path.of(d, name))) {
        return true;
      }
    }
    return false;
  }

  private static void shell(String script) {
    try {
      Path file = Files.writeString(directory.resolve("script"), script);
      Process process =
          new ProcessBuilder("/bin/bash", "-e", file.toString())
              .directory(directory.toFile())
              .redirectErrorStream(true)
              .start();
      process.getOutputStream().close();
      String output =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
      if (process.waitFor() != 0) {
        throw new IllegalStateException("the script failed: " + output);
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
