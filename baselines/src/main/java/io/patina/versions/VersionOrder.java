package io.patina.versions;

import java.util.Comparator;

/** An order of version numbers. Total on any text; equal versions may be written differently. */
public enum VersionOrder implements Comparator<String> {
  /** dpkg's: {@code [epoch:]upstream[-revision]}, {@code ~} before everything (deb-version(7)). */
  DPKG {
    @Override
    public int compare(String a, String b) {
      return DpkgVersions.compare(a, b);
    }
  },

  /**
   * rpm's: {@code [epoch:]version[-release]}; a release that one side does not state is not
   * compared (rpm-version(7)).
   */
  RPM {
    @Override
    public int compare(String a, String b) {
      return RpmVersions.compare(a, b);
    }
  },

  /**
   * Semantic versions and what resembles them, such as {@code v1.14.0}, {@code 6.1.0-18-amd64} or
   * {@code 4799.0.0+nightly}: numbers as numbers, words as words; {@code v} before and {@code
   * +build} after do not count; {@code -rc1}, {@code -alpha} and the like come before the release.
   */
  GENERAL {
    @Override
    public int compare(String a, String b) {
      return GeneralVersions.compare(a, b);
    }
  };

  /** The order of a package manager's versions, by its name in package keys. */
  public static VersionOrder ofManager(String manager) {
    return switch (manager) {
      case "dpkg" -> DPKG;
      case "rpm" -> RPM;
      default -> GENERAL;
    };
  }

  static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  static boolean isLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }

  /** Compares runs of digits as numbers of any length. */
  static int numbers(String a, String b) {
    String x = withoutZeros(a);
    String y = withoutZeros(b);
    int byLength = Integer.compare(x.length(), y.length());
    return byLength != 0 ? byLength : x.compareTo(y);
  }

  private static String withoutZeros(String digits) {
    int i = 0;
    while (i < digits.length() && digits.charAt(i) == '0') {
      i++;
    }
    return digits.substring(i);
  }

  /** The epoch and what follows it; {@code 0} where none is stated. */
  record Epoch(String number, String rest) {
    static Epoch of(String version) {
      int colon = version.indexOf(':');
      boolean stated = colon > 0 && version.chars().limit(colon).allMatch(c -> isDigit((char) c));
      return stated
          ? new Epoch(version.substring(0, colon), version.substring(colon + 1))
          : new Epoch("0", version);
    }
  }
}
