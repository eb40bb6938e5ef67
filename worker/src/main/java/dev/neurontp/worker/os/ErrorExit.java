package dev.neurontp.worker.os;

import java.util.function.Consumer;
import java.util.function.IntSupplier;

/**
 * The exit code of a program that the host does not give what it needs: a thread that the JDK or a library starts, memory, a deeper
 * stack, a file of the JDK. An error that ended {@code main} would be Java's exit code 1, which says that something was found to be wrong.
 */
public final class ErrorExit {
    private ErrorExit() {}

    /**
     * Runs a program.
     *
     * @param say is told of the error that ended it, for a person
     * @return the program's exit code, or {@link ExitCode#COULD_NOT_RUN} where an error ended it
     */
    public static int codeOf(IntSupplier program, Consumer<String> say) {
        try {
            return program.getAsInt();
        } catch (Error e) {
            say.accept(
                    e instanceof OutOfMemoryError limit && ThreadLimitException.isCauseOf(limit)
                            ? ThreadLimitException.of("of a library", limit).getMessage()
                            : "it could not go on, and nothing is known of what it had to find out: " + e
                                    + ". If the host gives it too little (ulimit -a), give it more");
            return ExitCode.COULD_NOT_RUN;
        }
    }
}
