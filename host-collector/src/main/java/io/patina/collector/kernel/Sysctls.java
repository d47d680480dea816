package io.patina.collector.kernel;

import io.patina.collector.files.Content;
import io.patina.collector.files.Names;
import io.patina.collector.files.RootFiles;
import io.patina.collector.syscalls.SystemCalls;
import io.patina.facts.Gap;
import io.patina.scope.Scope;
import java.util.regex.Pattern;

/** The kernel's tunable values under {@code /proc/sys}, those that the scope names. */
final class Sysctls {
  private static final String ROOT = "/proc/sys";
  private static final int MOST = 64 * 1024;
  private static final int DEEPEST = 8;

  /** Values that the kernel changes by itself; never observed, whatever the scope says. */
  private static final Pattern VOLATILE =
      Pattern.compile(
          "kernel\\.random\\..*|kernel\\.ns_last_pid|kernel\\.pty\\.nr|kernel\\.cad_pid"
              + "|kernel\\.sched_domain\\..*|kernel\\.perf_event_max_sample_rate"
              + "|fs\\.(dentry-state|file-nr|inode-nr|inode-state|aio-nr)"
              + "|fs\\.quota\\..*|net\\.netfilter\\.nf_conntrack_count|net\\..*\\.neigh\\..*"
              + "|.*_time|.*\\.stable_secret|dev\\.cdrom\\.info");

  private final RootFiles files;
  private final Scope scope;
  private final KernelProbe.Facts facts;
  private final KernelProbe.Gaps gaps;
  private final boolean isRoot = new SystemCalls().effectiveUser() == 0;

  Sysctls(RootFiles files, Scope scope, KernelProbe.Facts facts, KernelProbe.Gaps gaps) {
    this.files = files;
    this.scope = scope;
    this.facts = facts;
    this.gaps = gaps;
  }

  void observe() {
    if (!scope.sysctls().isEmpty()) {
      if (files.list(ROOT) instanceof Names.Unreadable u) {
        gaps.gap("sysctl:", u.reason(), true);
      }
      below(ROOT, "", 0);
    }
  }

  private void below(String directory, String dotted, int depth) {
    for (Names.Name name : KernelProbe.names(files, directory)) {
      String path = directory + "/" + name.text();
      // As sysctl(8) writes it: a dot inside a name (an interface eth0.5) becomes a slash.
      String key = (dotted.isEmpty() ? "" : dotted + ".") + name.text().replace('.', '/');
      if (name.isDirectory()) {
        if (depth < DEEPEST && mayHold(key)) {
          below(path, key, depth + 1);
        }
      } else if (scope.observesSysctl(key) && !VOLATILE.matcher(key).matches()) {
        value(key, path);
      }
    }
  }

  /** Whether a glob of the scope could match below; spares opening a thousand files. */
  private boolean mayHold(String dotted) {
    return scope.sysctls().stream()
        .map(Object::toString)
        .anyMatch(g -> beginsAlike(g, dotted + "."));
  }

  private static boolean beginsAlike(String glob, String start) {
    for (int i = 0; i < glob.length() && i < start.length(); i++) {
      char c = glob.charAt(i);
      if ("*?[{\\".indexOf(c) >= 0) {
        return true;
      }
      if (c != start.charAt(i)) {
        return false;
      }
    }
    return glob.length() > start.length();
  }

  private void value(String key, String path) {
    switch (files.read(path, MOST)) {
      case Content.Present p -> facts.fact("sysctl:" + key, p.text().strip().replace('\t', ' '));
      case Content.Absent a -> {
        // Gone with its network interface or module.
      }
      // Some are for writing only (vm.compact_memory, net.ipv4.route.flush): closed to root too.
      case Content.Unreadable u -> {
        if (!isRoot || !u.reason().equals(Gap.PERMISSION)) {
          gaps.gap("sysctl:" + key, u.reason(), false);
        }
      }
    }
  }
}
