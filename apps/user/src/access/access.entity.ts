import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A role (U-13); a higher rank may give and take lower ones. */
@Entity({ name: 'roles' })
export class RoleEntity {
  @PrimaryColumn({ type: 'varchar', length: 16 })
  name!: string;

  @Column({ type: 'int' })
  rank_number!: number;
}

/** A permission that the platform's code asks for somewhere. */
@Entity({ name: 'permissions' })
export class PermissionEntity {
  @PrimaryColumn({ type: 'varchar', length: 64 })
  name!: string;

  @Column({ type: 'datetime', precision: 3 })
  created_at!: string;
}

/** A role has a permission while the row is there. */
@Entity({ name: 'role_permissions' })
export class RolePermissionEntity {
  @PrimaryColumn({ type: 'varchar', length: 16 })
  role!: string;

  @PrimaryColumn({ type: 'varchar', length: 64 })
  permission!: string;
}

export const accessEntities = [RoleEntity, PermissionEntity, RolePermissionEntity];
