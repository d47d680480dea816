package io.patina.collector.mounts;

import com.google.protobuf.ByteString;
import io.patina.facts.Attributes;
import io.patina.facts.Entry;
import io.patina.facts.Facet;
import io.patina.facts.FactKey;
import io.patina.facts.Gap;
import io.patina.facts.MountFact;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Facts of the facet {@code mount}: the mounts of the live system, as process 1 sees them. */
public final class MountProbe {
  /** Mounts that containers, sessions and services bring and take. */
  private static final Pattern TRANSIENT =
      Pattern.compile(
          "/run/(user|netns|docker|containerd|credentials|systemd/unit-root|snapd/ns)(/.*)?"
              + "|/var/lib/(docker|containerd|containers|kubelet|cri-o|crio|lxc|lxd)(/.*)?"
              + "|/proc/sys/fs/binfmt_misc");

  /** Options that say how large this machine is or which process asked, not how it was set up. */
  private static final Set<String> VOLATILE =
      Set.of(
          "size",
          "nr_inodes",
          "nr_blocks",
          "fd",
          "pgrp",
          "pipe_ino",
          "subvolid",
          "clientaddr",
          "addr",
          "mountaddr",
          "mountport",
          "lowerdir",
          "upperdir",
          "workdir",
          "inode64",
          "inode32");

  private final Path proc;

  /**
   * A probe of the running system.
   *
   * @param proc where procfs is mounted, usually {@code /proc}
   */
  public MountProbe(Path proc) {
    this.proc = proc;
  }

  /** The facts in key order, or one gap. */
  public List<Entry> observe() {
    try {
      return facts(MountTable.parse(read("1")));
    } catch (IOException notOfInit) {
      // Another user's process 1 is closed to us; our own table is the same unless we are confined.
      return observeOwn();
    }
  }

  private List<Entry> observeOwn() {
    try {
      return facts(MountTable.parse(read("self")));
    } catch (AccessDeniedException e) {
      return gap(Gap.PERMISSION);
    } catch (IOException e) {
      return gap(Gap.UNAVAILABLE);
    }
  }

  /** The table of this process, which a walk of this process goes by; empty if unknown. */
  public MountTable own() {
    try {
      return MountTable.parse(read("self"));
    } catch (IOException e) {
      // A walk then goes by device numbers and file system types alone.
      return MountTable.EMPTY;
    }
  }

  private byte[] read(String process) throws IOException {
    return Files.readAllBytes(proc.resolve(process).resolve("mountinfo"));
  }

  private static List<Entry> gap(String reason) {
    return List.of(Entry.of(new Gap(FactKey.of(Facet.MOUNT, "/"), true, reason)));
  }

  /** One fact per mount that is seen and stays. */
  static List<Entry> facts(MountTable table) {
    return table.visible().stream()
        .filter(m -> !m.point().isEmpty() && m.point().byteAt(0) == '/')
        .filter(m -> m.point().size() <= FactKey.MAX_NAME)
        .filter(m -> !TRANSIENT.matcher(m.point().toStringUtf8()).matches())
        .filter(m -> !m.type().equals("nsfs"))
        .map(m -> Entry.of(new MountFact(FactKey.of(Facet.MOUNT, m.point()), attributes(m))))
        .sorted((a, b) -> a.key().compareTo(b.key()))
        .toList();
  }

  private static Attributes attributes(Mount mount) {
    Attributes.Builder out =
        new Attributes.Builder()
            .text("fstype", mount.type())
            .text("options", settled(mount.options()))
            .text("super-options", settled(mount.superOptions()))
            .text("source-kind", sourceKind(mount));
    if (mount.type().equals("overlay")) {
      mount.superOptions().stream()
          .filter(o -> o.startsWith("lowerdir="))
          .forEach(o -> out.text("lower", o.substring("lowerdir=".length())));
      mount.superOptions().stream()
          .filter(o -> o.startsWith("upperdir="))
          .forEach(o -> out.text("upper", o.substring("upperdir=".length())));
    }
    return out.build();
  }

  private static String settled(List<String> options) {
    return options.stream()
        .filter(o -> !VOLATILE.contains(o.contains("=") ? o.substring(0, o.indexOf('=')) : o))
        .collect(Collectors.toCollection(TreeSet::new))
        .stream()
        .collect(Collectors.joining(","));
  }

  private static final ByteString DEV = ByteString.copyFromUtf8("/dev/");

  private static String sourceKind(Mount mount) {
    return switch (mount.kind()) {
      case PSEUDO -> "kernel";
      case MEMORY -> "tmpfs";
      case AUTOMOUNT -> "automount";
      case REMOTE -> "remote";
      case STORAGE -> {
        if (mount.type().equals("overlay")) {
          yield "overlay";
        }
        boolean part = mount.fsRoot().size() > 1 && !mount.type().equals("btrfs");
        if (part) {
          yield "bind";
        }
        yield mount.source().startsWith(DEV) ? "device" : "other";
      }
    };
  }
}
