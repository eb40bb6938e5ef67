package dev.neurontp.worker.collective;

import dev.neurontp.rpc.WireText;
import dev.neurontp.rpc.XCollectiveResult;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongUnaryOperator;

/**
 * Runs one request on one rank: the checked runs, each with its own seed and every element compared, then the warm-up and the
 * measured runs. Memory is filled and read in pieces, so that a large buffer costs little here.
 *
 * @param <X> what the medium throws
 */
public final class CheckedRuns<X extends Exception> {
    /** What is filled or compared at once. */
    public static final int PIECE_BYTES = 1 << 20;

    private final Layout layout;
    private final CollectiveRequest request;
    private final ElementType type;
    private final Medium<X> medium;
    private final ByteBuffer piece;
    private final WrongElements wrong;
    private long checked;

    /**
     * Nothing runs yet.
     *
     * @param piece of {@link #PIECE_BYTES}; its content is lost
     */
    public CheckedRuns(Layout layout, Medium<X> medium, ByteBuffer piece) {
        this.layout = layout;
        this.request = layout.request();
        this.type = request.type();
        this.medium = medium;
        this.piece = piece.order(ByteOrder.nativeOrder());
        this.wrong = new WrongElements(type);
    }

    /** All of it. */
    public XCollectiveResult run() throws X {
        for (int check = 0; check < request.checks(); check++) {
            long seed = request.seed() + check;
            Expectation expectation = new Expectation(layout, seed);
            fill(expectation, seed);
            medium.run();
            compare(expectation, seed);
        }
        RunTimes times = RunTimes.NONE;
        if (request.iterations() > 0) {
            if (request.checks() == 0) {
                fillToMeasure(new Expectation(layout, request.seed()), request.seed());
            }
            medium.barrier();
            for (int i = 0; i < request.warmup(); i++) {
                medium.run();
            }
            times = medium.measure(request.iterations());
        }
        return new XCollectiveResult(
                checked,
                wrong.wrong(),
                wrong.firstIndex(),
                WireText.shortened(wrong.expectedText()),
                WireText.shortened(wrong.gotText()),
                WireText.shortened(wrong.cause()),
                wrong.wrongFrom(),
                times.device(),
                times.wall(),
                times.arrivedNanos(),
                medium.isSimulated());
    }

    private void fill(Expectation expectation, long seed) throws X {
        // A kernel puts the complement also where the rank's own element belongs: that is written after it.
        if (!layout.sendsWhereItReceives() && !fill(layout.receiveAt(), KernelPattern.received(layout, seed), true)) {
            write(layout.receiveAt(), layout.received(), expectation::before);
        }
        write(layout.guardAt(), guards(), CheckedRuns::guard);
        if (!fill(layout.sendAt(), KernelPattern.sent(layout, seed), false)) {
            write(layout.sendAt(), layout.sendCount(), expectation::sent);
        }
    }

    /** Nothing is compared afterwards, so the host computes one piece of what it sends, and writes that again and again. */
    private void fillToMeasure(Expectation expectation, long seed) throws X {
        if (!fill(layout.sendAt(), KernelPattern.sent(layout, seed), false)) {
            long period = PIECE_BYTES / type.bytes();
            long done = 0;
            while (done < layout.sendCount()) {
                long now = Math.min(layout.sendCount() - done, period);
                if (done == 0) {
                    put(0, (int) now, expectation::sent);
                }
                write(layout.sendAt() + done * type.bytes(), (int) now);
                done += now;
            }
        }
    }

    /** Whether a kernel did it. */
    private boolean fill(long at, Optional<KernelPattern> pattern, boolean complement) throws X {
        Optional<Kernels<X>> kernels = pattern.isEmpty() ? Optional.empty() : medium.kernels(at);
        if (kernels.isEmpty()) {
            return false;
        }
        kernels.get().fill(at, pattern.get(), complement);
        return true;
    }

    private void write(long at, long count, LongUnaryOperator elements) throws X {
        int size = type.bytes();
        long done = 0;
        while (done < count) {
            int now = (int) Math.min(count - done, PIECE_BYTES / size);
            put(done, now, elements);
            write(at + done * size, now);
            done += now;
        }
    }

    private void put(long from, int count, LongUnaryOperator elements) {
        for (int i = 0; i < count; i++) {
            type.put(piece, i * type.bytes(), elements.applyAsLong(from + i));
        }
    }

    private void write(long at, int count) throws X {
        medium.write(at, piece.limit(count * type.bytes()).position(0));
        piece.clear();
    }

    private void compare(Expectation expectation, long seed) throws X {
        Optional<KernelPattern> pattern = KernelPattern.received(layout, seed);
        Optional<Kernels<X>> kernels = pattern.isEmpty() ? Optional.empty() : medium.kernels(layout.receiveAt());
        if (kernels.isEmpty()) {
            compareOnHost(expectation, 0, layout.received());
        } else {
            Kernels.Count count = kernels.get().check(layout.receiveAt(), pattern.get());
            KernelComparison<X> comparison = new KernelComparison<>(kernels.get(), layout, piece);
            OptionalLong doubted =
                    count.wrong() == 0 ? comparison.wrongInSample(expectation, seed) : OptionalLong.empty();
            if (count.wrong() > 0 || doubted.isPresent()) {
                // Only the host can say what explains them.
                comparison
                        .explain(
                                pattern.get(),
                                count,
                                doubted,
                                (from, elements) -> compareOnHost(expectation, from, elements),
                                (from, elements) -> wrong.addUnread(layout, from, elements))
                        .ifPresent(wrong::addDisagreement);
            }
        }
        checked += layout.received();
        compareGuard();
    }

    private Kernels.Count compareOnHost(Expectation expectation, long from, long count) throws X {
        int size = type.bytes();
        long before = wrong.wrong();
        long first = -1;
        long done = from;
        while (done < from + count) {
            int now = (int) Math.min(from + count - done, PIECE_BYTES / size);
            medium.read(
                    layout.receiveAt() + done * size, piece.limit(now * size).position(0));
            piece.clear();
            for (int i = 0; i < now; i++) {
                long expected = expectation.expected(done + i);
                long got = type.get(piece, i * size);
                if (!expectation.isRight(got, expected)) {
                    first = first < 0 ? done + i : first;
                    wrong.add(expectation, done + i, expected, got);
                }
            }
            done += now;
        }
        return new Kernels.Count(wrong.wrong() - before, first);
    }

    private void compareGuard() throws X {
        int size = type.bytes();
        medium.read(layout.guardAt(), piece.limit(guards() * size).position(0));
        piece.clear();
        long behind = (layout.guardAt() - layout.receiveAt()) / size;
        for (int i = 0; i < guards(); i++) {
            long got = type.get(piece, i * size);
            long expected = guard(i) & type.mask();
            if (got != expected) {
                wrong.addGuard(behind + i, expected, got);
            }
        }
    }

    private int guards() {
        return Layout.GUARD_BYTES / type.bytes();
    }

    private static long guard(long index) {
        return 0xa5a5_5a5a_c3c3_3c3cL ^ index;
    }
}
