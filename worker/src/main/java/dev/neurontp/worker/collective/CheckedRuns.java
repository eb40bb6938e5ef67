package dev.neurontp.worker.collective;

import dev.neurontp.rpc.WireText;
import dev.neurontp.rpc.XCollectiveResult;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
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
                fill(new Expectation(layout, request.seed()), request.seed());
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
            for (int i = 0; i < now; i++) {
                type.put(piece, i * size, elements.applyAsLong(done + i));
            }
            medium.write(at + done * size, piece.limit(now * size).position(0));
            piece.clear();
            done += now;
        }
    }

    private void compare(Expectation expectation, long seed) throws X {
        Optional<KernelPattern> pattern = KernelPattern.received(layout, seed);
        Optional<Kernels<X>> kernels = pattern.isEmpty() ? Optional.empty() : medium.kernels(layout.receiveAt());
        if (kernels.isEmpty()) {
            compareOnHost(expectation);
        } else {
            Kernels.Count count = kernels.get().check(layout.receiveAt(), pattern.get());
            KernelComparison<X> comparison = new KernelComparison<>(kernels.get(), layout, piece);
            if (count.wrong() == 0 && comparison.isSampleRight(expectation, seed)) {
                checked += layout.received();
            } else {
                // Only the host can say what explains them.
                long before = wrong.wrong();
                long first = compareOnHost(expectation);
                KernelComparison.disagreement(count, new Kernels.Count(wrong.wrong() - before, first))
                        .ifPresent(wrong::addDisagreement);
            }
        }
        compareGuard();
    }

    /** The first wrong index, or -1. */
    private long compareOnHost(Expectation expectation) throws X {
        int size = type.bytes();
        long first = -1;
        long done = 0;
        while (done < layout.received()) {
            int now = (int) Math.min(layout.received() - done, PIECE_BYTES / size);
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
            checked += now;
        }
        return first;
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
