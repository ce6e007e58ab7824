/** Files of packages that are served as they are: their address. */
declare module "*?url" {
  const url: string;
  export default url;
}
