package io.patina;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.Architectures;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import org.junit.jupiter.api.Test;

/** The rooms of this module have floors: a room knows only those below it. */
class FloorsTest {

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.patina");

  /** From the ground up; what stands here later may know what stands before it, as listed. */
  @Test
  void aRoomKnowsOnlyTheRoomsBelowIt() {
    Architectures.layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .layer("messages")
        .definedBy("io.patina.wire.v1")
        .layer("facts")
        .definedBy("io.patina.facts")
        .layer("fingerprint")
        .definedBy("io.patina.fingerprint")
        .layer("packing")
        .definedBy("io.patina.packing")
        .layer("manifest")
        .definedBy("io.patina.manifest")
        .layer("scope")
        .definedBy("io.patina.scope")
        .layer("versions")
        .definedBy("io.patina.versions")
        .layer("comparison")
        .definedBy("io.patina.comparison")
        .layer("expectations")
        .definedBy("io.patina.expectations")
        .layer("promotion")
        .definedBy("io.patina.promotion")
        .layer("verdict")
        .definedBy("io.patina.verdict")
        .layer("policy")
        .definedBy("io.patina.policy")
        .layer("signing")
        .definedBy("io.patina.signing")
        .layer("golden")
        .definedBy("io.patina.golden")
        .layer("wire")
        .definedBy("io.patina.wire")
        .layer("imports")
        .definedBy("io.patina.imports")
        .layer("formats")
        .definedBy(
            "io.patina.imports.mtree",
            "io.patina.imports.archives",
            "io.patina.imports.components",
            "io.patina.imports.policies")
        .whereLayer("facts")
        .mayOnlyAccessLayers("messages")
        .whereLayer("fingerprint")
        .mayNotAccessAnyLayer()
        .whereLayer("manifest")
        .mayOnlyAccessLayers("messages", "facts", "fingerprint", "packing")
        .whereLayer("packing")
        .mayNotAccessAnyLayer()
        .whereLayer("scope")
        .mayOnlyAccessLayers("facts", "manifest")
        .whereLayer("comparison")
        .mayOnlyAccessLayers("messages", "facts", "fingerprint", "manifest", "scope", "versions")
        .whereLayer("versions")
        .mayNotAccessAnyLayer()
        .whereLayer("expectations")
        .mayOnlyAccessLayers("facts", "manifest", "scope", "comparison")
        .whereLayer("promotion")
        .mayOnlyAccessLayers("facts", "manifest")
        .whereLayer("verdict")
        .mayOnlyAccessLayers("facts", "comparison")
        .whereLayer("policy")
        .mayOnlyAccessLayers("facts", "comparison", "verdict")
        .whereLayer("signing")
        .mayOnlyAccessLayers("manifest")
        .whereLayer("golden")
        .mayOnlyAccessLayers("comparison", "facts", "manifest", "scope", "signing")
        .whereLayer("wire")
        .mayOnlyAccessLayers("messages", "signing")
        .whereLayer("imports")
        .mayOnlyAccessLayers("facts", "manifest", "scope")
        .whereLayer("formats")
        .mayOnlyAccessLayers("facts", "manifest", "scope", "imports")
        .whereLayer("messages")
        .mayNotAccessAnyLayer()
        .check(CLASSES);
  }

  @Test
  void noRoomsKnowEachOtherInACircle() {
    SlicesRuleDefinition.slices()
        .matching("io.patina.(**)")
        .should()
        .beFreeOfCycles()
        .check(CLASSES);
  }

  @Test
  void roomsAreNamedForTheThingInThem() {
    noClasses()
        .should()
        .resideInAnyPackage(
            "..util..",
            "..utils..",
            "..common..",
            "..helper..",
            "..helpers..",
            "..manager..",
            "..impl..",
            "..dto..",
            "..service..",
            "..misc..")
        .check(CLASSES);
  }

  @Test
  void onlyTheRoomOfArchivesKnowsTheirCodecs() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.patina.imports.archives")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.tukaani..")
        .check(CLASSES);
  }

  @Test
  void onlyTheSigningRoomKnowsTheCryptographyLibrary() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.patina.signing")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.bouncycastle..")
        .check(CLASSES);
  }

  @Test
  void onlyTheRoomOfPoliciesKnowsTheirLanguage() {
    noClasses()
        .that()
        .haveNameNotMatching("io\\.patina\\.policy\\.(Cel.*|CompiledPolicy.*)")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("dev.cel..")
        .check(CLASSES);
  }
}
