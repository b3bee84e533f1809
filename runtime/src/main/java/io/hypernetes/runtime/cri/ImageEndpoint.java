package io.hypernetes.runtime.cri;

import io.grpc.stub.StreamObserver;
import io.hypernetes.cri.Annotations;
import io.hypernetes.cri.v1.AuthConfig;
import io.hypernetes.cri.v1.FilesystemIdentifier;
import io.hypernetes.cri.v1.FilesystemUsage;
import io.hypernetes.cri.v1.Image;
import io.hypernetes.cri.v1.ImageFilter;
import io.hypernetes.cri.v1.ImageFsInfoRequest;
import io.hypernetes.cri.v1.ImageFsInfoResponse;
import io.hypernetes.cri.v1.ImageServiceGrpc;
import io.hypernetes.cri.v1.ImageSpec;
import io.hypernetes.cri.v1.ImageStatusRequest;
import io.hypernetes.cri.v1.ImageStatusResponse;
import io.hypernetes.cri.v1.ListImagesRequest;
import io.hypernetes.cri.v1.ListImagesResponse;
import io.hypernetes.cri.v1.PullImageRequest;
import io.hypernetes.cri.v1.PullImageResponse;
import io.hypernetes.cri.v1.RemoveImageRequest;
import io.hypernetes.cri.v1.RemoveImageResponse;
import io.hypernetes.cri.v1.StreamImagesRequest;
import io.hypernetes.cri.v1.StreamImagesResponse;
import io.hypernetes.cri.v1.UInt64Value;
import io.hypernetes.runtime.image.ImageHolder;
import io.hypernetes.runtime.image.ImageName;
import io.hypernetes.runtime.image.ImageStore;
import io.hypernetes.runtime.image.RegistryCredentials;
import io.hypernetes.runtime.image.StoredImage;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** CRI's image service. */
final class ImageEndpoint extends ImageServiceGrpc.ImageServiceImplBase {

    private final ImageStore images;

    ImageEndpoint(ImageStore images) {
        this.images = images;
    }

    private List<Image> list(ImageFilter filter) {
        ImageSpec spec = filter.getImage();
        return spec.getImage().isEmpty()
                ? images.list().stream().map(Messages::image).toList()
                : find(spec).map(Messages::image).stream().toList();
    }

    /** Without a tenant it is the operator who asks. */
    private Optional<StoredImage> find(ImageSpec spec) {
        return holder(spec)
                .map(holder -> images.find(holder, spec.getImage()))
                .orElseGet(() -> images.find(spec.getImage()));
    }

    private static Optional<ImageHolder> holder(ImageSpec spec) {
        return Optional.ofNullable(spec.getAnnotationsMap().get(Annotations.TENANT))
                .map(ImageHolder::new);
    }

    @Override
    public void listImages(ListImagesRequest request, StreamObserver<ListImagesResponse> observer) {
        Calls.answer(
                observer,
                () ->
                        ListImagesResponse.newBuilder()
                                .addAllImages(list(request.getFilter()))
                                .build());
    }

    @Override
    public void streamImages(
            StreamImagesRequest request, StreamObserver<StreamImagesResponse> observer) {
        Calls.answer(
                observer,
                () ->
                        StreamImagesResponse.newBuilder()
                                .addAllImages(list(request.getFilter()))
                                .build());
    }

    /** An image that is not there is an empty answer, not an error. */
    @Override
    public void imageStatus(
            ImageStatusRequest request, StreamObserver<ImageStatusResponse> observer) {
        Calls.answer(
                observer,
                () -> {
                    ImageStatusResponse.Builder response = ImageStatusResponse.newBuilder();
                    find(request.getImage()).map(Messages::image).ifPresent(response::setImage);
                    return response.build();
                });
    }

    @Override
    public void pullImage(PullImageRequest request, StreamObserver<PullImageResponse> observer) {
        Calls.answer(
                observer,
                () ->
                        PullImageResponse.newBuilder()
                                .setImageRef(
                                        images.pull(
                                                        ImageName.parse(
                                                                request.getImage().getImage()),
                                                        credentials(request.getAuth()),
                                                        holder(request.getImage())
                                                                .orElse(ImageHolder.EVERYONE))
                                                .id()
                                                .toString())
                                .build());
    }

    /** CRI offers several forms; an identity token can only be traded by an OAuth2 client. */
    private static RegistryCredentials credentials(AuthConfig auth) {
        if (!auth.getRegistryToken().isEmpty()) {
            return new RegistryCredentials.Token(auth.getRegistryToken());
        }
        if (!auth.getUsername().isEmpty()) {
            return new RegistryCredentials.Password(auth.getUsername(), auth.getPassword());
        }
        if (!auth.getAuth().isEmpty()) {
            return basic(auth.getAuth());
        }
        if (!auth.getIdentityToken().isEmpty()) {
            throw Failures.unimplemented("identity tokens of registries are not supported");
        }
        return new RegistryCredentials.Anonymous();
    }

    private static RegistryCredentials basic(String base64) {
        String pair;
        try {
            pair = new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw Failures.invalid("the credentials for the registry are not base64");
        }
        int colon = pair.indexOf(':');
        if (colon < 0) {
            throw Failures.invalid("the credentials for the registry are not user:password");
        }
        return new RegistryCredentials.Password(
                pair.substring(0, colon), pair.substring(colon + 1));
    }

    @Override
    public void removeImage(
            RemoveImageRequest request, StreamObserver<RemoveImageResponse> observer) {
        Calls.answer(
                observer,
                () -> {
                    ImageSpec image = request.getImage();
                    holder(image)
                            .ifPresentOrElse(
                                    holder -> images.remove(holder, image.getImage()),
                                    () -> images.remove(image.getImage()));
                    return RemoveImageResponse.getDefaultInstance();
                });
    }

    @Override
    public void imageFsInfo(
            ImageFsInfoRequest request, StreamObserver<ImageFsInfoResponse> observer) {
        Calls.answer(
                observer,
                () ->
                        ImageFsInfoResponse.newBuilder()
                                .addImageFilesystems(
                                        FilesystemUsage.newBuilder()
                                                .setTimestamp(Times.now())
                                                .setFsId(
                                                        FilesystemIdentifier.newBuilder()
                                                                .setMountpoint(
                                                                        images.folder().toString()))
                                                .setUsedBytes(number(images.usedBytes()))
                                                .setInodesUsed(number(images.list().size())))
                                .build());
    }

    private static UInt64Value number(long value) {
        return UInt64Value.newBuilder().setValue(value).build();
    }
}
