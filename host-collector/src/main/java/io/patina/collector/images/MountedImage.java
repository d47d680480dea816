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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A filesystem in an image file, looked at through a mount: squashfs, erofs, ext, xfs, btrfs, alone
 * or as a partition of a disk image. Needs root. The mount is read-only, also for a journal that is
 * not clean, and neither devices nor set-id bits nor programs of it take effect.
 *
 * <p>The kernel parses what is in the image: an image of unknown origin belongs in a virtual machine.
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
    String loop =
        Program.run(
            List.of(
                "losetup", "--find", "--show", "--read-only", "--partscan", image.toString()));
    try {
      return mounted(device(loop, select), scope, limits);
    } finally {
      Program.run(List.of("losetup", "--detach", loop));
    }
  }

  private static String device(String loop, Optional<String> select)
      throws IOException, InvalidImportException {
    Path partition = Path.of(loop + "p" + select.orElse("1"));
    if (select.isEmpty()) {
      if (Files.exists(partition)) {
        throw new InvalidImportException(
            "it is a disk with partitions; choose one by its number with --select");
      }
      return loop;
    }
    if (!Files.exists(partition)) {
      throw new InvalidImportException("it has no partition " + select.get());
    }
    return partition.toString();
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
