package io.patina.collector.packages;

import io.patina.collector.dpkg.DpkgDatabase;
import io.patina.collector.files.RootFiles;
import io.patina.collector.inventory.PackageDatabase;
import io.patina.collector.inventory.ShippedPath;
import io.patina.collector.inventory.Unreadable;
import io.patina.collector.rpm.RpmDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** All package databases of one root, in a fixed order. Read anew at each call. */
public record PackageDatabases(List<PackageDatabase> databases) {

  public PackageDatabases {
    databases = List.copyOf(databases);
  }

  /**
   * Finds the databases under a root; none is a valid answer.
   *
   * @param files of the observed root; used by the thread that reads the databases
   */
  public static PackageDatabases in(RootFiles files) {
    List<PackageDatabase> found = new ArrayList<>();
    DpkgDatabase.in(files).ifPresent(found::add);
    found.addAll(RpmDatabase.in(files));
    return new PackageDatabases(found);
  }

  /** What all of them ship; see {@link PackageDatabase#paths}. */
  public List<Unreadable> paths(Consumer<ShippedPath> paths) {
    List<Unreadable> unreadable = new ArrayList<>();
    databases.forEach(database -> unreadable.addAll(database.paths(paths)));
    return unreadable;
  }
}
