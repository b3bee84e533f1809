package io.hypernetes.cli;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The arrows between the modules run one way, and each outside library stays in its room. */
@AnalyzeClasses(packages = "io.hypernetes", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    private static final String OURS = "io.hypernetes..";

    @ArchTest
    static final ArchRule modulesHaveNoCycles =
            slices().matching("io.hypernetes.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule theApiImportsNothingOfOurs =
            only("api", "io.hypernetes.api..", "io.hypernetes.schema..");

    @ArchTest static final ArchRule theStoreKnowsNoObjects = only("store", "io.hypernetes.store..");

    @ArchTest
    static final ArchRule theServerKnowsStoreAndApi =
            only(
                    "server",
                    "io.hypernetes.server..",
                    "io.hypernetes.store..",
                    "io.hypernetes.cel..",
                    "io.hypernetes.api..");

    @ArchTest
    static final ArchRule celKnowsTheApi =
            only("cel", "io.hypernetes.cel..", "io.hypernetes.api..");

    @ArchTest static final ArchRule devCelIsInCelAlone = onlyIn("dev.cel..", "io.hypernetes.cel..");

    @ArchTest
    static final ArchRule theRuntimeKnowsCriOnly =
            only("runtime", "io.hypernetes.runtime..", "io.hypernetes.cri..");

    @ArchTest
    static final ArchRule theControllerRuntimeKnowsTheApi =
            only("controllerruntime", "io.hypernetes.controllerruntime..", "io.hypernetes.api..");

    @ArchTest
    static final ArchRule controllersKnowTheClient =
            only(
                    "controllers",
                    "io.hypernetes.controllers..",
                    "io.hypernetes.controllerruntime..",
                    "io.hypernetes.api..");

    @ArchTest
    static final ArchRule theSchedulerKnowsTheClient =
            only(
                    "scheduler",
                    "io.hypernetes.scheduler..",
                    "io.hypernetes.controllerruntime..",
                    "io.hypernetes.api..");

    @ArchTest
    static final ArchRule jettyIsInTheServerAlone =
            onlyIn("org.eclipse.jetty..", "io.hypernetes.server.jetty..");

    @ArchTest
    static final ArchRule sqlIsInTheStoreAlone =
            onlyIn("java.sql..", "io.hypernetes.store.sqlite..");

    @ArchTest
    static final ArchRule grpcIsWithTheRuntimeTheNodeEtcdAndKms =
            onlyIn(
                    "io.grpc..",
                    "io.hypernetes.store.etcd..",
                    "io.hypernetes.store.kms..",
                    "io.hypernetes.cri..",
                    "io.hypernetes.runtime..",
                    "io.hypernetes.node..");

    @ArchTest
    static final ArchRule bouncyCastleIsInThePkiAlone =
            onlyIn("org.bouncycastle..", "io.hypernetes.identity.pki..");

    @ArchTest
    static final ArchRule qemuIsBehindItsInterface =
            onlyIn(
                    "io.hypernetes.runtime.qemu..",
                    "io.hypernetes.runtime.qemu..",
                    "io.hypernetes.cli.assembly..");

    @ArchTest
    static final ArchRule ovnIsBehindItsInterface =
            onlyIn(
                    "io.hypernetes.network.ovn..",
                    "io.hypernetes.network.ovn..",
                    "io.hypernetes.cli.assembly..");

    @ArchTest
    static final ArchRule dnsjavaIsWithTheNameServerAlone =
            onlyIn("org.xbill..", "io.hypernetes.network.dns..");

    /** Classes of a module may use these packages of ours and no others. */
    private static ArchRule only(String module, String... allowed) {
        return classes()
                .that()
                .resideInAPackage("io.hypernetes." + module + "..")
                .should()
                .onlyDependOnClassesThat(
                        com.tngtech.archunit.base.DescribedPredicate.not(
                                        com.tngtech.archunit.core.domain.JavaClass.Predicates
                                                .resideInAPackage(OURS))
                                .or(
                                        com.tngtech.archunit.core.domain.JavaClass.Predicates
                                                .resideInAnyPackage(allowed)));
    }

    private static ArchRule onlyIn(String library, String... rooms) {
        return noClasses()
                .that()
                .resideOutsideOfPackages(rooms)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(library);
    }
}
