package dev.neurontp.ops;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import dev.neurontp.harness.api.ErrorType;
import dev.neurontp.worker.os.DaemonThread;
import dev.neurontp.worker.os.ExitHook;
import dev.neurontp.worker.os.HardExit;
import java.util.Set;
import java.util.Timer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;

/** The arrows between the modules, as docs/architecture.md draws them. They bind main code; tests may start anything. */
@AnalyzeClasses(packages = "dev.neurontp", importOptions = ImportOption.DoNotIncludeTests.class)
class ArrowsTest {
    private static final String OURS = "dev.neurontp..";
    private static final String RPC = "dev.neurontp.rpc..";
    private static final String WORKER = "dev.neurontp.worker..";
    private static final String HARNESS = "dev.neurontp.harness..";
    private static final String CONFORMANCE = "dev.neurontp.conformance..";
    private static final String JUNIT = "dev.neurontp.conformance.junit..";
    private static final String OPS = "dev.neurontp.ops..";
    private static final String API = "dev.neurontp.harness.api..";
    private static final String DAEMON = "dev.neurontp.harness.daemon.";

    private static final DescribedPredicate<AccessTarget> STARTS_THREADS = DescribedPredicate.describe(
            "start threads",
            target -> target.getOwner().isEquivalentTo(Executors.class)
                    || target.getOwner().isAssignableTo(Timer.class)
                    || target.getOwner().isAssignableTo(ForkJoinPool.class)
                    || target.getName().startsWith("parallel")
                    || (target.getOwner().isAssignableTo(CompletableFuture.class)
                            && Set.of("orTimeout", "completeOnTimeout").contains(target.getName()))
                    || (target.getName().equals("onExit")
                            && (target.getOwner().isAssignableTo(Process.class)
                                    || target.getOwner().isAssignableTo(ProcessHandle.class)))
                    || (target.getOwner().isAssignableTo(CompletableFuture.class)
                            && target.getName().endsWith("Async")
                            && takesNoExecutor(target))
                    || (target.getOwner().isEquivalentTo(Thread.class)
                            && Set.of("ofPlatform", "ofVirtual", "startVirtualThread")
                                    .contains(target.getName()))
                    || (target.getOwner().isEquivalentTo(Runtime.class)
                            && target.getName().equals("addShutdownHook")));

    private static final DescribedPredicate<AccessTarget> IS_OF_A_THREAD = DescribedPredicate.describe(
            "make a thread", target -> target.getOwner().isAssignableTo(Thread.class));

    private static boolean takesNoExecutor(AccessTarget target) {
        return target instanceof AccessTarget.CodeUnitAccessTarget called
                && called.getRawParameterTypes().stream().noneMatch(type -> type.isEquivalentTo(Executor.class));
    }

    /** A package is a slice, with all modules in one picture: an arrow back is a circle. */
    @ArchTest
    static final ArchRule packagesAreFreeOfCycles =
            SlicesRuleDefinition.slices().matching("dev.neurontp.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule rpcDependsOnNothingOfOurs = noClasses()
            .that()
            .resideInAPackage(RPC)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(WORKER, HARNESS, CONFORMANCE, OPS);

    @ArchTest
    static final ArchRule theWorkerDependsOnRpcAlone = noClasses()
            .that()
            .resideInAPackage(WORKER)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(HARNESS, CONFORMANCE, OPS);

    @ArchTest
    static final ArchRule theHarnessDependsOnWorkerAndRpc = noClasses()
            .that()
            .resideInAPackage(HARNESS)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(CONFORMANCE, OPS);

    @ArchTest
    static final ArchRule theJudgeSharesNoCodeWithTheJudged = noClasses()
            .that()
            .resideInAPackage(CONFORMANCE)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(RPC, WORKER, HARNESS, OPS)
            .allowEmptyShould(true);

    /** It is for the builds of others; the judge itself runs without JUnit. */
    @ArchTest
    static final ArchRule nothingOfOursUsesTheTestsForOthers = noClasses()
            .that(resideInAnyPackage(RPC, WORKER, HARNESS, CONFORMANCE, OPS).and(not(resideInAPackage(JUNIT))))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(JUNIT, "org.junit..", "org.opentest4j..");

    @ArchTest
    static final ArchRule theCliHoldsNoWireOfItsOwn = noClasses()
            .that()
            .resideInAPackage(OPS)
            .should()
            .dependOnClassesThat()
            .resideInAPackage(RPC);

    /** Clients of the daemon take the records of its interface, and nothing of the daemon with them. */
    @ArchTest
    static final ArchRule theApiDependsOnNothingOfOurs = noClasses()
            .that()
            .resideInAPackage(API)
            .should()
            .dependOnClassesThat(resideInAPackage(OURS).and(not(resideInAPackage(API))));

    /** The daemon's state is mapped to the interface's records in one package. The types of errors are the same for both. */
    @ArchTest
    static final ArchRule theDaemonsStateKnowsNoRecordOfTheApi = noClasses()
            .that()
            .resideInAnyPackage(
                    DAEMON + "pool..",
                    DAEMON + "device..",
                    DAEMON + "event..",
                    DAEMON + "metric..",
                    DAEMON + "settings..")
            .should()
            .dependOnClassesThat(resideInAPackage(API).and(not(type(ErrorType.class))));

    @ArchTest
    static final ArchRule signalsAreHandledInOneClass = classes()
            .that()
            .resideInAPackage(OURS)
            .and()
            .haveSimpleNameNotStartingWith("Signals")
            .should()
            .onlyDependOnClassesThat()
            .resideOutsideOfPackage("sun.misc..");

    /**
     * So that a thread that cannot be started is told, with the limit, and that what ends one is told too: each start
     * takes a handler or has the program's. The other three names are those of threads that run when the JVM ends.
     */
    @ArchTest
    static final ArchRule threadsAreStartedInOnePlace = noClasses()
            .that()
            .resideInAnyPackage(RPC, WORKER, HARNESS, OPS)
            .and(not(type(DaemonThread.class)))
            .and(not(type(ExitHook.class)))
            .and(not(type(HardExit.class)))
            .and()
            .doNotHaveSimpleName("InterruptionNotice")
            .should()
            .callConstructorWhere(target(IS_OF_A_THREAD))
            .orShould()
            .callMethodWhere(target(STARTS_THREADS))
            .orShould()
            .beAssignableTo(Thread.class);

    /** So that it is marked, and that a limit of the host is told. */
    @ArchTest
    static final ArchRule processesAreStartedInOneClass = noClasses()
            .that()
            .resideInAnyPackage(HARNESS, OPS)
            .and()
            .haveSimpleNameNotEndingWith("AotTraining")
            .and()
            .doNotHaveSimpleName("ChildProcess")
            .should()
            .callMethod(ProcessBuilder.class, "start");

    @ArchTest
    static final ArchRule jsonDataBindingStaysOutOfAWorkersStart = noClasses()
            .that()
            .resideInAnyPackage(RPC, WORKER)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("tools.jackson.databind..", "picocli..", "org.slf4j..");

    /** They are packaged because an AOT cache holds only for the class path that it was trained with. */
    @ArchTest
    static final ArchRule nobodyUsesTheTrainingOfAotCaches = noClasses()
            .that()
            .haveSimpleNameNotEndingWith("AotTraining")
            .should()
            .dependOnClassesThat()
            .haveSimpleNameEndingWith("AotTraining");

    /** So that the tests of every module may use it. It is here as a jar, when this runs in a build that packages. */
    @ArchTest
    static final ArchRule whatTestsShareUsesNothingOfTheProduct = noClasses()
            .that()
            .resideInAPackage("dev.neurontp.testing..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(RPC, WORKER, HARNESS, CONFORMANCE, OPS)
            .allowEmptyShould(true);
}
