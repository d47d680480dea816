package io.patina.collector.inventory;

import java.util.List;
import java.util.function.Consumer;

/**
 * One package database of the observed root, read when asked and not kept: a walk over the shipped
 * paths holds one package at a time.
 */
public interface PackageDatabase {

  /** {@code dpkg} or {@code rpm}. */
  String manager();

  /** Where it lies inside the root. */
  String location();

  /**
   * Reads the installed packages, in no particular order.
   *
   * @return what could not be read
   */
  List<Unreadable> packages(Consumer<InstalledPackage> packages);

  /**
   * Reads what the packages put on the system, and the links that their tools made and recorded.
   * Several statements about one path may come, from one package or from several.
   *
   * @return what could not be read
   */
  List<Unreadable> paths(Consumer<ShippedPath> paths);
}
