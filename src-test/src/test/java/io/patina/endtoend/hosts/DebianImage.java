package io.patina.endtoend.hosts;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * An image of the pristine Debian with one package more, as a squashfs: what a vendor would publish
 * for hosts that are made of it.
 */
public final class DebianImage {

  private DebianImage() {}

  /** Why none can be made and mounted here, or no host booted, as a sentence; empty if all can. */
  public static Optional<String> obstacle() {
    Optional<String> obstacle = DebianRoot.obstacle();
    if (obstacle.isPresent()) {
      return obstacle;
    }
    if (!DebianRoot.isHere("mksquashfs")) {
      return Optional.of("Making an image needs mksquashfs.");
    }
    return Files.exists(Path.of("/dev/loop-control"))
        ? Optional.empty()
        : Optional.of("Mounting an image needs loop devices.");
  }

  /**
   * Makes one.
   *
   * @param directory where it is made; must be missing
   * @param deb the package that is installed in it
   * @return the image file
   */
  public static Path build(Path directory, Path deb) throws IOException, InterruptedException {
    Files.createDirectories(directory);
    Path image = directory.resolve("image.squashfs");
    try (Overlay overlay = Overlay.over(DebianRoot.directory().toString(), directory, "")) {
      String unused =
          Shell.must("dpkg", "--root=" + overlay.root(), "--force-unsafe-io", "-i", deb.toString());
      // Packed for a minute: time counts and space does not.
      String unused2 =
          Shell.must(
              "mksquashfs",
              overlay.root().toString(),
              image.toString(),
              "-no-progress",
              "-quiet",
              "-noI",
              "-noD",
              "-noF",
              "-noX");
    }
    return image;
  }
}
