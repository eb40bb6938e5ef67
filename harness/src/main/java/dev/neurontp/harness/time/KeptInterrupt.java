package dev.neurontp.harness.time;

/** Waits that go on whoever interrupts. The interrupt is kept: the thread has it again when the wait is over. Any thread may call. */
public final class KeptInterrupt {
    private KeptInterrupt() {}

    /** What may be interrupted, and is begun again then. */
    @FunctionalInterface
    public interface Wait<T> {
        T await() throws InterruptedException;
    }

    /** What {@code wait} gives, which is begun anew after each interrupt. */
    public static <T> T during(Wait<T> wait) {
        boolean interrupted = Thread.interrupted();
        try {
            while (true) {
                try {
                    return wait.await();
                } catch (InterruptedException _) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
