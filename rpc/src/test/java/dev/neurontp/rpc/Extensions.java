package dev.neurontp.rpc;

import dev.neurontp.rpc.XCollectiveResult.Source;
import dev.neurontp.rpc.XCollectiveResult.Times;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** One of each extension with many fields, and any of them. */
final class Extensions {
    static final XCollective COLLECTIVE =
            new XCollective("all_reduce", "float", "sum", 268435456L, 0, "", "out", 0, 5, 20, 1, Long.MAX_VALUE, 30000);
    static final XDeviceInfo DEVICE_INFO = new XDeviceInfo(
            "gpu7",
            "0b6f0e4c-3d1c-4a86-a1f5-6f1d7c1e2a3b",
            "nccl",
            false,
            "GPU-6d1f04c2-1111-2222-3333-444455556666",
            "0000:1b:00.0",
            "NVIDIA H100 80GB HBM3",
            "580.159.04",
            "13.0",
            "2.28.9",
            "/usr/lib/libnccl.so.2",
            OptionalLong.of(85_899_345_920L),
            OptionalLong.of(85_000_000_000L),
            "0",
            "9.0");
    static final XCollectiveResult COLLECTIVE_RESULT = new XCollectiveResult(
            1024,
            515,
            OptionalLong.of(7),
            "3 (0x40400000)",
            "2 (0x40000000)",
            "rank 6 is missing",
            List.of(new Source(6, 512), new Source(2, 3)),
            Optional.of(new Times(1, 2, 3)),
            Optional.empty(),
            OptionalLong.of(99),
            true);

    private Extensions() {}

    static Arbitrary<XCollective> requests() {
        return Combinators.combine(texts(), u32(), u63())
                .as((text, u32, u63) -> new XCollective(
                        text, text + "t", text, u63, u32, text, text, u32, u32, u32, u32, Long.MAX_VALUE - u63, u32));
    }

    static Arbitrary<XDeviceInfo> deviceInfos() {
        return Combinators.combine(
                        shortTexts(),
                        shortTexts(),
                        Arbitraries.of(true, false),
                        u63().optional().map(Extensions::optional),
                        u63().optional().map(Extensions::optional))
                .as((one, two, simulated, total, free) -> new XDeviceInfo(
                        one, two, one, simulated, two, one, two, one, two, one, two, total, free, one, two));
    }

    static Arbitrary<XCollectiveResult> collectiveResults() {
        Arbitrary<Source> source = Combinators.combine(u32(), u63()).as(Source::new);
        return Combinators.combine(
                        u63(),
                        u63().optional().map(Extensions::optional),
                        shortTexts(),
                        source.list().ofMaxSize(XCollectiveResult.MAX_SOURCES),
                        Combinators.combine(u63(), u63(), u63()).as(Times::new).optional(),
                        Combinators.combine(u63(), u63(), u63()).as(Times::new).optional(),
                        Arbitraries.of(true, false))
                .as((number, optional, text, sources, device, wall, simulated) -> new XCollectiveResult(
                        number,
                        Long.MAX_VALUE - number,
                        optional,
                        text,
                        text,
                        text,
                        sources,
                        device,
                        wall,
                        optional,
                        simulated));
    }

    private static OptionalLong optional(Optional<Long> number) {
        return number.map(OptionalLong::of).orElse(OptionalLong.empty());
    }

    private static Arbitrary<Long> u32() {
        return Arbitraries.longs().between(0, U32.MAX);
    }

    private static Arbitrary<Long> u63() {
        return Arbitraries.longs().between(0, Long.MAX_VALUE);
    }

    private static Arbitrary<String> texts() {
        return Arbitraries.strings().ofMaxLength(40).filter(WireText::isWellFormed);
    }

    private static Arbitrary<String> shortTexts() {
        return Arbitraries.strings().ofMaxLength(WireText.MAX_SHORT_CHARS).map(WireText::shortened);
    }
}
