package dev.neurontp.ops.console;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** A temporary line on stderr: what goes on while a command waits for more than a second. On a terminal only. */
public final class Progress {
    private static final String CLEAR = "\r\u001b[K";

    private final Screen screen;

    /** On the stderr of {@code screen}. */
    public Progress(Screen screen) {
        this.screen = screen;
    }

    /** Waits until {@code answer} has come or failed; from the first second on {@code text} says each second what goes on. */
    public void during(CompletableFuture<?> answer, Supplier<String> text) throws InterruptedException {
        boolean shown = false;
        try {
            while (true) {
                try {
                    answer.get(1, TimeUnit.SECONDS);
                    return;
                } catch (TimeoutException _) {
                    if (screen.progress()) {
                        show(text.get());
                        shown = true;
                    }
                } catch (ExecutionException _) {
                    return; // the caller reads the future itself
                }
            }
        } finally {
            if (shown) {
                screen.terminal().err().print(CLEAR);
                screen.terminal().err().flush();
            }
        }
    }

    private void show(String text) {
        int room = screen.columns() == Screen.UNBOUNDED ? 79 : screen.columns() - 1;
        screen.terminal().err().print(CLEAR + Table.cut(text, room));
        screen.terminal().err().flush();
    }
}
