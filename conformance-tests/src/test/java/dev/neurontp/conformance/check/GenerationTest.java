package dev.neurontp.conformance.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.neurontp.conformance.catalogue.Catalogue;
import dev.neurontp.conformance.check.Generation.Drawn;
import dev.neurontp.conformance.contract.Contract;
import dev.neurontp.conformance.process.Printable;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("long")
final class GenerationTest {

    private static final int SEEDS = Integer.getInteger("neurontp.generation.seeds", 6);

    @Test
    void theSameSeedGivesTheSameCasesInAnyOrder() {
        List<Check.Property> properties = properties();
        List<List<String>> first = properties.stream().map(one -> drawn(5, one)).toList();
        List<List<String>> backwards = properties.reversed().stream()
                .map(one -> drawn(5, one))
                .toList()
                .reversed();
        assertThat(first).isEqualTo(backwards);
    }

    /** As where an application runs the suite twice at once. */
    @Test
    void manyDrawAtOnce() throws InterruptedException, ExecutionException {
        Check.Property one = properties().getFirst();
        CyclicBarrier together = new CyclicBarrier(4);
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Future<List<String>>> drawn = IntStream.range(0, 4)
                    .mapToObj(_ -> threads.submit(() -> {
                        together.await();
                        return drawn(5, one);
                    }))
                    .toList();
            for (Future<List<String>> scripts : drawn) {
                assertThat(scripts.get()).isEqualTo(drawn(5, one));
            }
        }
    }

    @Test
    void anotherSeedGivesOtherCases() {
        assertThat(properties()).allSatisfy(one -> assertThat(drawn(5, one)).isNotEqualTo(drawn(6, one)));
    }

    @Test
    void aScriptShrinksToSmallerOnes() {
        Check.Property model = properties().stream()
                .filter(one -> one.id().equals("F4.model"))
                .findFirst()
                .orElseThrow();
        try (Generation generation = new Generation(1)) {
            Drawn long1 = generation.draw(model, 0, 50).stream()
                    .filter(one -> one.script().lines().size() > 4)
                    .findFirst()
                    .orElseThrow();
            assertThat(generation.smaller(long1, 20))
                    .isNotEmpty()
                    .anySatisfy(one -> assertThat(one.script().lines().size())
                            .isLessThan(long1.script().lines().size()));
        }
    }

    /** The original skips a line of U+0085, other workers answer it: no verdict may stand on either. */
    @Test
    void noCheckSendsALineThatSomeLanguageTrimsToNothing() {
        List<Script> sent = new ArrayList<>();
        for (Check check : Catalogue.checks(Contract.load())) {
            if (check instanceof Check.Examples examples) {
                sent.addAll(examples.scripts());
            }
        }
        for (int seed = 0; seed < SEEDS; seed++) {
            try (Generation generation = new Generation(seed)) {
                properties().forEach(one -> generation.draw(one, 0, 200).forEach(drawn -> sent.add(drawn.script())));
            }
        }
        assertThat(sent.stream().flatMap(script -> script.lines().stream()))
                .filteredOn(line -> line.length() < 100)
                .filteredOn(line -> TrimmedLine.isLeftOpen(line.bytes()))
                .extracting(line -> Printable.line(line.bytes()))
                .isEmpty();
    }

    private static List<Check.Property> properties() {
        return Catalogue.checks(Contract.load()).stream()
                .filter(Check.Property.class::isInstance)
                .map(Check.Property.class::cast)
                .toList();
    }

    private static List<String> drawn(long seed, Check.Property property) {
        try (Generation generation = new Generation(seed)) {
            return generation.draw(property, 0, 20).stream()
                    .map(one -> one.script().describe())
                    .toList();
        }
    }
}
