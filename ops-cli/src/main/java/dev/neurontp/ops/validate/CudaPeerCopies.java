package dev.neurontp.ops.validate;

import dev.neurontp.harness.text.ForeignText;
import dev.neurontp.harness.validate.PeerCopies;
import dev.neurontp.ops.doctor.probe.DriverProbes;
import dev.neurontp.ops.doctor.probe.Facts;
import dev.neurontp.ops.doctor.probe.ProbeSession;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Copies by the CUDA driver in a process of its own, which may hang. */
record CudaPeerCopies(Map<String, String> environment) implements PeerCopies {
    /** For the contexts: a host without persistence takes seconds for each GPU. */
    private static final Duration START = Duration.ofSeconds(60);
    /** The bound is for all copies of a pair: four times so many, each of 64 MiB, take seconds over PCIe. */
    private static final int MOST_ITERATIONS = 50;

    @Override
    public Answer copy(
            List<Long> devices, long bytes, int iterations, long seed, Duration bound, BooleanSupplier stopped)
            throws InterruptedException {
        try (ProbeSession session =
                DriverProbes.peers(environment, devices, bytes, Math.min(iterations, MOST_ITERATIONS), seed)) {
            var opened = session.ask(START, stopped);
            boolean simulated = opened.facts().is("simulation", 1);
            List<String> uuids = new ArrayList<>();
            for (int i = 0; i < devices.size(); i++) {
                opened.facts().text("gpu." + i + ".uuid").ifPresent(uuid -> uuids.add("GPU-" + uuid));
            }
            if (isGivenUp(opened.problem())) {
                return ended(List.of(), uuids, simulated);
            }
            if (opened.problem().isPresent()) {
                boolean hung = opened.hang().isPresent();
                return new Answer(List.of(), uuids, simulated, Optional.empty(), opened.problem(), hung);
            }
            return all(session, uuids, simulated, bound, stopped);
        } catch (IOException e) {
            return Answer.none("no copy can be tried: " + ForeignText.of(e.getMessage(), ForeignText.NAME));
        }
    }

    private static boolean isGivenUp(Optional<String> problem) {
        return problem.filter(ProbeSession.GIVEN_UP::equals).isPresent();
    }

    /** With all that was copied, and nobody's problem. */
    private static Answer ended(List<Copy> copies, List<String> uuids, boolean simulated) {
        return new Answer(copies, uuids, simulated, Optional.empty(), Optional.empty(), false);
    }

    private static Answer all(
            ProbeSession session, List<String> uuids, boolean simulated, Duration bound, BooleanSupplier stopped)
            throws InterruptedException {
        List<Copy> copies = new ArrayList<>();
        for (int from = 0; from < uuids.size(); from++) {
            for (int to = 0; to < uuids.size(); to++) {
                if (from != to) {
                    var answer = session.ask(bound, stopped);
                    if (isGivenUp(answer.problem())) {
                        return ended(copies, uuids, simulated);
                    }
                    Optional<Copy> copy = copy(from, to, answer.facts());
                    if (copy.isEmpty() || answer.problem().isPresent()) {
                        String problem = answer.problem().orElse("its answer is none");
                        boolean hung = answer.hang().isPresent();
                        Optional<Direction> at = Optional.of(new Direction(from, to));
                        return new Answer(copies, uuids, simulated, at, Optional.of(problem), hung);
                    }
                    copies.add(copy.get());
                }
            }
        }
        return ended(copies, uuids, simulated);
    }

    private static Optional<Copy> copy(int from, int to, Facts facts) {
        Optional<Size> small = size(facts.below("small."));
        Optional<Size> large = size(facts.below("large."));
        return small.isPresent() && large.isPresent()
                ? Optional.of(new Copy(from, to, facts.is("access", 1), small.get(), large.get()))
                : Optional.empty();
    }

    /** Empty where it has not come to its last line. */
    private static Optional<Size> size(Facts facts) {
        List<String> nanos = facts.list("ns");
        if (nanos.size() != 3 || !nanos.stream().allMatch(word -> word.matches("[0-9]{1,18}"))) {
            return Optional.empty();
        }
        return Optional.of(new Size(
                Math.max(0, facts.number("wrong").orElse(0L)),
                Math.max(0, facts.number("first").orElse(0L)),
                facts.text("expected").orElse(""),
                facts.text("got").orElse(""),
                Long.parseLong(nanos.get(0)),
                Long.parseLong(nanos.get(1)),
                Long.parseLong(nanos.get(2))));
    }
}
