package dev.neurontp.harness.daemon.mapper;

import dev.neurontp.harness.api.ApiError;
import dev.neurontp.harness.daemon.pool.PoolRequestException;

/** Why a request to a pool was rejected, or why an operation failed. */
public final class ErrorMapper {
    private ErrorMapper() {}

    /** The error as it stands in the envelope and in an operation. */
    public static ApiError error(PoolRequestException reason) {
        return reason.detail()
                .map(detail -> ApiError.of(reason.type(), reason.getMessage(), detail(detail)))
                .orElseGet(() -> ApiError.of(reason.type(), reason.getMessage()));
    }

    private static ApiError.Detail detail(PoolRequestException.Detail detail) {
        return switch (detail) {
            case PoolRequestException.Detail.Busy busy -> ApiError.Detail.busy(PoolMapper.busy(busy.operation()));
            case PoolRequestException.Detail.Limit limit -> ApiError.Detail.limit(limit.most());
            case PoolRequestException.Detail.State state -> ApiError.Detail.state(PoolMapper.state(state.state()));
            case PoolRequestException.Detail.Holder holder -> ApiError.Detail.pool(holder.pool());
            case PoolRequestException.Detail.Failed failed ->
                ApiError.Detail.failure(PoolMapper.failure(failed.failure()));
        };
    }
}
