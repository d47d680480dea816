package io.patina.collector.writers;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The text of {@code /proc/PID/cgroup}; form: cgroups(7). Names of units follow systemd.unit(5);
 * ids of containers are the 64 hexadecimal digits that Docker, containerd, CRI-O and Podman use, or
 * the names of LXC and of systemd-nspawn.
 */
final class ControlGroupText {
  private static final Pattern ID = Pattern.compile("(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])");
  private static final Pattern LXC = Pattern.compile("/lxc(?:\\.payload\\.|/)([A-Za-z0-9_.-]+)");
  private static final Pattern MACHINE = Pattern.compile("/machine-([^/]+)\\.scope");
  private static final Pattern UNIT =
      Pattern.compile("[A-Za-z0-9:_.\\\\@-]+\\.(?:service|scope|socket|mount|swap)");

  private static final Pattern POD =
      Pattern.compile("pod([0-9a-f]{8}[-_](?:[0-9a-f]{4}[-_]){3}[0-9a-f]{12})(?:\\.slice)?(?:/|$)");

  /** Where a process belongs; each may be empty. The pod is a uid with dashes. */
  record Place(String unit, String container, String pod) {}

  private ControlGroupText() {}

  static Place parse(String text) {
    String path = path(text);
    return new Place(unit(path), container(path), pod(path));
  }

  /** The hierarchy that systemd keeps: the unified one, or on older hosts the one named so. */
  private static String path(String text) {
    String found = "/";
    for (String line : text.split("\n", -1)) {
      String[] parts = line.split(":", 3);
      if (parts.length == 3 && parts[1].equals("name=systemd")) {
        return parts[2];
      }
      if (parts.length == 3 && parts[0].equals("0") && found.equals("/")) {
        found = parts[2];
      }
    }
    return found;
  }

  /** The innermost: a service started by a user's own manager is named, not that manager. */
  private static String unit(String path) {
    List<String> names = Arrays.asList(path.split("/", -1));
    return names.reversed().stream().filter(n -> UNIT.matcher(n).matches()).findFirst().orElse("");
  }

  private static String pod(String path) {
    Matcher pod = POD.matcher(path);
    return pod.find() ? pod.group(1).replace('_', '-') : "";
  }

  private static String container(String path) {
    Matcher id = ID.matcher(path);
    if (id.find()) {
      return id.group();
    }
    Matcher lxc = LXC.matcher(path);
    if (lxc.find()) {
      return lxc.group(1);
    }
    Matcher machine = MACHINE.matcher(path);
    return machine.find() ? machine.group(1) : "";
  }
}
