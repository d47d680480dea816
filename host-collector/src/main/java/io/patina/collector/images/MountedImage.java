package io.patina.collector.images;

import io.patina.collector.syscalls.SystemCalls;
import io.patina.facts.Escaped;
import io.patina.imports.Imported;
import io.patina.imports.InvalidImportException;
import io.patina.imports.Limits;
import io.patina.scope.Scope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A filesystem in an image file, looked at through a mount: squashfs, erofs, ext, xfs, btrfs, alone
 * or as a partition of a disk image. Needs root. The mount is read-only, also for a journal that is
 * not clean, and neither devices nor set-id bits nor programs of it take effect.
 *
 * <p>The kernel parses what is in the image: an image of unknown origin belongs in a virtual
 * machine.
 */
public final class MountedImage {

  /** Types that are mounted, and what keeps each from writing to the image. */
  private static final Map<String, String> TYPES =
      Map.of(
          "squashfs", "",
          "erofs", "",
          "iso9660", "",
          "ext2", "",
          "ext3", ",noload",
          "ext4", ",noload",
          "xfs", ",norecovery",
          "btrfs", ",rescue=nologreplay");

  private static final Pattern PARTITION = Pattern.compile("(\\d{1,3}) (\\d{1,12}) (\\d{1,12})");

  /** What partx counts in, whatever the sectors of a disk are. */
  private static final long SECTOR = 512;

  private MountedImage() {}

  /**
   * Mounts, captures, unmounts.
   *
   * @param select number of the partition, for an image with a partition table
   * @throws InvalidImportException if it cannot be mounted, with what mount(8) said
   */
  public static Imported read(Path image, Optional<String> select, Scope scope, Limits limits)
      throws IOException, InvalidImportException {
    if (new SystemCalls().effectiveUser() != 0) {
      throw new InvalidImportException("mounting an image needs root");
    }
    if (!Files.isRegularFile(image)) {
      throw new InvalidImportException("there is no such image file");
    }
    if (select.isPresent() && !select.get().matches("[1-9][0-9]{0,2}")) {
      throw new InvalidImportException("--select is the number of a partition");
    }
    List<String> setup = new ArrayList<>(List.of("losetup", "--find", "--show", "--read-only"));
    setup.addAll(place(image, select));
    setup.add(image.toString());
    String loop = Program.run(setup);
    try {
      return mounted(loop, scope, limits);
    } finally {
      Program.run(List.of("losetup", "--detach", loop));
    }
  }

  /** Where in the image the filesystem is; no device node of a partition need exist for it. */
  private static List<String> place(Path image, Optional<String> select)
      throws IOException, InvalidImportException {
    String table;
    try {
      table =
          Program.run(
              List.of(
                  "partx", "--raw", "--noheadings", "-o", "NR,START,SECTORS", image.toString()));
    } catch (InvalidImportException e) {
      if (!String.valueOf(e.getMessage()).contains("failed to read partition table")) {
        throw e;
      }
      table = "";
    }
    if (select.isEmpty()) {
      if (table.isEmpty()) {
        return List.of();
      }
      throw new InvalidImportException(
          "it is a disk with partitions; choose one by its number with --select");
    }
    for (String line : table.lines().toList()) {
      Matcher m = PARTITION.matcher(line.strip());
      if (m.matches() && m.group(1).equals(select.get())) {
        return List.of(
            "--offset",
            Long.toString(Long.parseLong(m.group(2)) * SECTOR),
            "--sizelimit",
            Long.toString(Long.parseLong(m.group(3)) * SECTOR));
      }
    }
    throw new InvalidImportException("it has no partition " + select.get());
  }

  private static Imported mounted(String device, Scope scope, Limits limits)
      throws IOException, InvalidImportException {
    String type;
    try {
      type = Program.run(List.of("blkid", "--probe", "-o", "value", "-s", "TYPE", device));
    } catch (InvalidImportException e) {
      throw new InvalidImportException("no filesystem is found in it", e);
    }
    @Nullable String options = TYPES.get(type);
    if (options == null) {
      throw new InvalidImportException(
          "a filesystem of type "
              + Escaped.text(type)
              + " is not mounted; known are "
              + String.join(", ", TYPES.keySet().stream().sorted().toList()));
    }
    Path point = Files.createTempDirectory("patina-image");
    try {
      Program.run(
          List.of(
              "mount",
              "-t",
              type,
              "-o",
              "ro,nodev,nosuid,noexec" + options,
              device,
              point.toString()));
      try {
        return HostTree.read(point, Optional.empty(), scope, limits);
      } finally {
        Program.run(List.of("umount", point.toString()));
      }
    } finally {
      Files.delete(point);
    }
  }
}
