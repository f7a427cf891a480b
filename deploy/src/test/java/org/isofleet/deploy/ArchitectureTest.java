package org.isofleet.deploy;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import org.jspecify.annotations.NullMarked;

/** Holds the arrows between the modules and the habits that a compiler does not see. */
@AnalyzeClasses(packages = "org.isofleet", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule PROTOCOL_DEPENDS_ON_NOTHING_OF_OURS = noClasses()
            .that()
            .resideInAPackage("org.isofleet.protocol..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "org.isofleet.metrics..",
                    "org.isofleet.worker..",
                    "org.isofleet.coordinator..",
                    "org.isofleet.deploy..");

    @ArchTest
    static final ArchRule METRICS_DEPENDS_ON_PROTOCOL_ONLY = noClasses()
            .that()
            .resideInAPackage("org.isofleet.metrics..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.isofleet.worker..", "org.isofleet.coordinator..", "org.isofleet.deploy..");

    @ArchTest
    static final ArchRule WORKER_KNOWS_NO_COORDINATOR = noClasses()
            .that()
            .resideInAPackage("org.isofleet.worker..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.isofleet.coordinator..", "org.isofleet.deploy..");

    @ArchTest
    static final ArchRule COORDINATOR_KNOWS_NO_WORKER = noClasses()
            .that()
            .resideInAPackage("org.isofleet.coordinator..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.isofleet.worker..", "org.isofleet.deploy..");

    @ArchTest
    static final ArchRule PACKAGES_HAVE_NO_CYCLES = SlicesRuleDefinition.slices()
            .matching("org.isofleet.(*.*)..")
            .should()
            .beFreeOfCycles();

    @ArchTest
    static final ArchRule NULLS_ARE_MARKED_EVERYWHERE = classes()
            .that()
            .resideInAPackage("org.isofleet..")
            .and()
            .areTopLevelClasses()
            .should(new com.tngtech.archunit.lang.ArchCondition<>("stand in a @NullMarked package") {
                @Override
                public void check(
                        com.tngtech.archunit.core.domain.JavaClass javaClass,
                        com.tngtech.archunit.lang.ConditionEvents events) {
                    boolean marked = javaClass.getPackage().isAnnotatedWith(NullMarked.class);
                    events.add(new com.tngtech.archunit.lang.SimpleConditionEvent(
                            javaClass, marked, javaClass.getPackageName() + " lacks @NullMarked in its package-info"));
                }
            });

    @ArchTest
    static final ArchRule NO_VAGUE_NAMES =
            noClasses().should().haveNameMatching(".*(Manager|Helper|Util|Utils|Impl|Misc|Common)");
}
