package dev.neurontp.conformance.junit;

import dev.neurontp.conformance.contract.Level;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The tests of all rules for one worker, with tags: {@code MUST} or {@code SHOULD}, and the chapter's ({@link Chapter#tag()}). JUnit
 * 5 has no tags of dynamic tests, so each chapter has a factory for each level, and the factories bear the tags. The suite runs once
 * for the class, whatever the tags leave.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@ExtendWith(ReportEntries.class)
public abstract class WireContractTests {

    private static final String MUST = "MUST";
    private static final String SHOULD = "SHOULD";

    private WorkerJudge judge;

    /** For subclasses. */
    protected WireContractTests() {}

    /** The judge of the worker. It is asked for once, behind all {@code @BeforeAll}. */
    protected abstract WorkerJudge judge();

    private Stream<DynamicNode> tests(Chapter chapter, Level level) throws InterruptedException {
        return theJudge().tests(chapter, level);
    }

    private synchronized WorkerJudge theJudge() {
        if (judge == null) {
            judge = judge();
        }
        return judge;
    }

    /** The tests of the MUSTs of {@link Chapter#STARTING}. */
    @TestFactory
    @Order(1)
    @Tag(MUST)
    @Tag(Chapter.STARTING_TAG)
    public final Stream<DynamicNode> startingMust() throws InterruptedException {
        return tests(Chapter.STARTING, Level.MUST);
    }

    /** The tests of the SHOULDs of {@link Chapter#STARTING}. */
    @TestFactory
    @Order(2)
    @Tag(SHOULD)
    @Tag(Chapter.STARTING_TAG)
    public final Stream<DynamicNode> startingShould() throws InterruptedException {
        return tests(Chapter.STARTING, Level.SHOULD);
    }

    /** The tests of the MUSTs of {@link Chapter#FRAMES}. */
    @TestFactory
    @Order(3)
    @Tag(MUST)
    @Tag(Chapter.FRAMES_TAG)
    public final Stream<DynamicNode> framesMust() throws InterruptedException {
        return tests(Chapter.FRAMES, Level.MUST);
    }

    /** The tests of the SHOULDs of {@link Chapter#FRAMES}. */
    @TestFactory
    @Order(4)
    @Tag(SHOULD)
    @Tag(Chapter.FRAMES_TAG)
    public final Stream<DynamicNode> framesShould() throws InterruptedException {
        return tests(Chapter.FRAMES, Level.SHOULD);
    }

    /** The tests of the MUSTs of {@link Chapter#OPERATIONS}. */
    @TestFactory
    @Order(5)
    @Tag(MUST)
    @Tag(Chapter.OPERATIONS_TAG)
    public final Stream<DynamicNode> operationsMust() throws InterruptedException {
        return tests(Chapter.OPERATIONS, Level.MUST);
    }

    /** The tests of the SHOULDs of {@link Chapter#OPERATIONS}. */
    @TestFactory
    @Order(6)
    @Tag(SHOULD)
    @Tag(Chapter.OPERATIONS_TAG)
    public final Stream<DynamicNode> operationsShould() throws InterruptedException {
        return tests(Chapter.OPERATIONS, Level.SHOULD);
    }

    /** The tests of the MUSTs of {@link Chapter#STAGES}. */
    @TestFactory
    @Order(7)
    @Tag(MUST)
    @Tag(Chapter.STAGES_TAG)
    public final Stream<DynamicNode> stagesMust() throws InterruptedException {
        return tests(Chapter.STAGES, Level.MUST);
    }

    /** The tests of the SHOULDs of {@link Chapter#STAGES}. */
    @TestFactory
    @Order(8)
    @Tag(SHOULD)
    @Tag(Chapter.STAGES_TAG)
    public final Stream<DynamicNode> stagesShould() throws InterruptedException {
        return tests(Chapter.STAGES, Level.SHOULD);
    }

    /** The tests of the MUSTs of {@link Chapter#ENDING}. */
    @TestFactory
    @Order(9)
    @Tag(MUST)
    @Tag(Chapter.ENDING_TAG)
    public final Stream<DynamicNode> endingMust() throws InterruptedException {
        return tests(Chapter.ENDING, Level.MUST);
    }

    /** The tests of the SHOULDs of {@link Chapter#ENDING}. */
    @TestFactory
    @Order(10)
    @Tag(SHOULD)
    @Tag(Chapter.ENDING_TAG)
    public final Stream<DynamicNode> endingShould() throws InterruptedException {
        return tests(Chapter.ENDING, Level.SHOULD);
    }
}
