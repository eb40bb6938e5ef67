package dev.neurontp.conformance.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.conformance.KnownFailures;
import dev.neurontp.conformance.check.RunLog.Evidence;
import java.util.List;
import net.jqwik.api.Arbitraries;
import org.junit.jupiter.api.Test;

/** What random lines have shown is named so that no other seed is held to it. */
final class RandomExamplesTest {

    private static final Check RANDOM =
            new Check.Property("O5.any", "any", () -> Arbitraries.just(Script.line("x", Expect.pong())));
    private static final Check FIXED = new Check.Examples("O5.examples", "some", List.of());
    private static final String FIELD = "the field x in a reply error";

    private final RunLog log = new RunLog(_ -> true, (_, _, _, _) -> false, _ -> "again", _ -> {}, () -> false);

    @Test
    void theFormOfARepliesToRandomLinesIsRandom() {
        log.incidental(RANDOM, form(), false, Evidence.none());
        assertThat(written()).containsExactly("O9 O9.always (random) " + FIELD);
    }

    @Test
    void whatFixedLinesShowTooIsNot() {
        log.incidental(RANDOM, form(), false, Evidence.none());
        log.incidental(FIXED, form(), false, Evidence.none());
        assertThat(log.failures()).hasSize(1);
        assertThat(written()).containsExactly("O9 O9.always " + FIELD);
    }

    /** No single line is to blame, and another seed draws other ones. */
    @Test
    void anEndBehindAllRandomLinesIsNamedByItsKind() {
        RuleViolation end = new RuleViolation("F4", "x", "a reply to each line", "none")
                .example(Script.line("drawn", Expect.pong()))
                .ended();
        log.incidental(RANDOM, end, false, Evidence.none());
        assertThat(written()).containsExactly("F4 F4.always (random) worker ended");
    }

    @Test
    void whatIsDrawnOutsideOfPropertiesIsRandomToo() {
        log.incidental(FIXED, form().drawn(), false, Evidence.none());
        assertThat(written()).containsExactly("O9 O9.always (random) " + FIELD);
    }

    private static RuleViolation form() {
        return new RuleViolation("O9", "x", "no other fields", "one more").example(FIELD);
    }

    private List<String> written() {
        return KnownFailures.write(log.failures())
                .lines()
                .filter(line -> !line.startsWith("#"))
                .toList();
    }
}
