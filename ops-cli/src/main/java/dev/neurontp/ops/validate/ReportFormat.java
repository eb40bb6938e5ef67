package dev.neurontp.ops.validate;

import dev.neurontp.harness.validate.ReductionOp;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code -o}, which is an operator in nccl-tests. */
final class ReportFormat implements ITypeConverter<ReportFormat.Format> {
    enum Format {
        TABLE,
        JSON
    }

    /** For the shell's completion. */
    static final class Names extends ArrayList<String> {
        private static final long serialVersionUID = 1L;

        Names() {
            super(List.of("table", "json"));
        }
    }

    @Override
    public Format convert(String value) {
        return switch (value) {
            case "table" -> Format.TABLE;
            case "json" -> Format.JSON;
            default -> {
                String hint = ReductionOp.named(value).isPresent() || value.equals("all")
                        ? ". The operator, nccl-tests' -o, is --op here"
                        : "";
                throw new TypeConversionException("'" + value + "' is no format: it must be table or json" + hint);
            }
        };
    }
}
