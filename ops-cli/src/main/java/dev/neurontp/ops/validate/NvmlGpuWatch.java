package dev.neurontp.ops.validate;

import dev.neurontp.harness.text.ForeignText;
import dev.neurontp.harness.time.Deadline;
import dev.neurontp.harness.validate.GpuReading;
import dev.neurontp.harness.validate.GpuWatch;
import dev.neurontp.ops.doctor.probe.Answer;
import dev.neurontp.ops.doctor.probe.DriverProbes;
import dev.neurontp.ops.doctor.probe.Facts;
import dev.neurontp.ops.doctor.probe.ProbeSession;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;

/** Reads NVML in a process of its own, which may hang. */
final class NvmlGpuWatch implements GpuWatch {
    private static final Duration BOUND = Duration.ofSeconds(20);
    /** Less than what a run that is interrupted has for its report. */
    private static final Duration AFTER_STOP = Duration.ofSeconds(3);

    private static final int MOST_GPUS = 64;

    private final ProbeSession session;

    private NvmlGpuWatch(ProbeSession session) {
        this.session = session;
    }

    /** Starts it; where that fails every reading says why. */
    static GpuWatch start() {
        return start(Map.of());
    }

    static GpuWatch start(Map<String, String> environment) {
        try {
            return new NvmlGpuWatch(DriverProbes.nvmlWatch(environment));
        } catch (IOException e) {
            return GpuWatch.none("NVML cannot be asked: " + ForeignText.of(e.getMessage(), ForeignText.NAME));
        }
    }

    @Override
    public Reading read(BooleanSupplier stopped) throws InterruptedException {
        Answer answer = session.ask(BOUND, soonAfter(stopped));
        List<GpuReading> gpus = new ArrayList<>();
        long count = answer.facts().number("count").orElse(0L);
        for (int i = 0; i < Math.clamp(count, 0, MOST_GPUS); i++) {
            Facts facts = answer.facts().below("gpu." + i + ".");
            facts.text("uuid").ifPresent(uuid -> gpus.add(reading(uuid, facts)));
        }
        return new Reading(gpus, answer.problem(), answer.hang().isPresent());
    }

    /** NVML that is well answers a run that was ended, too: it gets a moment from then on. */
    private static BooleanSupplier soonAfter(BooleanSupplier stopped) {
        AtomicReference<Deadline> end = new AtomicReference<>();
        return () -> {
            if (end.get() == null && stopped.getAsBoolean()) {
                end.set(Deadline.in(AFTER_STOP));
            }
            return end.get() != null && end.get().expired();
        };
    }

    private static GpuReading reading(String uuid, Facts facts) {
        return new GpuReading(
                uuid,
                number(facts, "temperature"),
                number(facts, "sm_clock"),
                number(facts, "clock_reasons"),
                number(facts, "ecc_uncorrected"),
                number(facts, "remap_pending"),
                facts.list("xids").stream()
                        .filter(xid -> xid.matches("[0-9]{1,9}"))
                        .map(Long::valueOf)
                        .toList(),
                facts.is("xid_watched", 1),
                facts.text("lost").isPresent());
    }

    private static OptionalLong number(Facts facts, String key) {
        Optional<Long> value = facts.number(key);
        return value.isPresent() ? OptionalLong.of(value.get()) : OptionalLong.empty();
    }

    @Override
    public void close() {
        session.close();
    }
}
