/**
 * Root filesystems in archives: tar, and container images as an OCI layout or as {@code docker
 * save} writes them.
 *
 * <p>{@link io.patina.imports.archives.RootTar} reads one tar, {@link
 * io.patina.imports.archives.ContainerImage} the layers of an image in their order. Both read tar
 * with {@code TarReader} and put what they find into {@code LayeredFiles}, which knows what of the
 * lower layers is still there.
 */
@NullMarked
package io.patina.imports.archives;

import org.jspecify.annotations.NullMarked;
